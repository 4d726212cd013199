import Sorting

/// Bounds on what an index holds and what a question may ask.
package struct ProvenanceLimits: Sendable {
    package var documentsMax = Int(UInt32.max) - 1
    package var sourcesMax = 1 << 16
    package var manifestBytesMax = 256 << 20
    /// Bytes of an answer that is traced.
    package var questionBytesMax = 1 << 20
    /// Occurrences that are looked at to tell sources and documents; more are sampled evenly.
    package var occurrencesMax = 10_000
    /// Bytes of all documents together that a recipe's rules are asked about.
    package var explainedBytesMax = 4 << 20
    /// Bytes of one source that a habit is counted in; of larger sources so many are sampled.
    package var habitBytesMax = 64 << 20

    package init() {}

    /// Bytes of a run of symbols that is searched for; the order of suffixes goes no deeper.
    static let patternBytesMax = SuffixSorter.depthBytes
}
