/// Bounds on what is read at once.
package struct InstructionLimits: Sendable {
    /// Bytes of one example in a file.
    package var recordBytesMax = 64 << 20
    /// Files of one folder.
    package var filesMax = 100_000
    /// Examples that are held in memory together.
    package var examplesMax = 4_000_000
    /// Messages of one conversation.
    package var messagesMax = 10_000
    /// Tools of one example.
    package var toolsMax = 1000
    /// Nesting within a record.
    package var jsonDepthMax = 64
    /// Bytes of one evaluation file that is one JSON value.
    package var evaluationBytesMax = 1 << 30
    /// Faults that are kept to be shown; all are counted.
    package var faultsShownMax = 1000

    package init() {}
}
