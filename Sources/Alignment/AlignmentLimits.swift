/// What alignment reads and remembers at most.
package struct AlignmentLimits: Sendable {
    /// Cues or sentences of a file.
    package var itemsMax = 100_000
    /// How far, in items of the second text, a pair may lie from where its place in the first text puts it.
    package var bandItemsMax = 400

    package init() {}
}
