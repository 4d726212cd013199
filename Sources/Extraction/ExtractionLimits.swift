/// Bounds on what is made of one page.
package struct ExtractionLimits: Sendable {
    /// Bytes of a page. Longer ones are refused: no page that people read is as long.
    package var pageBytesMax = 32 << 20
    /// Nesting of blocks. Deeper tags are left out, and their text stays: the parser's time grows with the depth.
    package var depthMax = 200
    /// Tags that the parser is given; those beyond are left out, and their text stays. It needs some 300 bytes for
    /// each.
    package var tagsMax = 400_000

    package init() {}
}
