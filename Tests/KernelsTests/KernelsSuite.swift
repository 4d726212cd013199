import Testing

/// Everything that selects a variant runs one after the other: the selection is the process's.
@Suite(.serialized) struct KernelsSuite {}
