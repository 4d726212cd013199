/// An element or a run of text of a page.
struct PageNode {
    var tag: PageTag
    var hints: ClassHints = []
    /// Of the root, -1.
    var parent: Int32
    /// One past the last node of the subtree.
    var end: Int32
    /// Of a text: where it lies in `PageTree.text`, and what it amounts to.
    var text: Range<Int> = 0..<0
    var measure = TextMeasure()
}
