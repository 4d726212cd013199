/// Finds the main text of a page.
///
///     let page = try HTMLExtraction.mainText(html)
///     // page.title, page.date, page.text
///
/// A sieve reads the bytes once: it takes out what is no text (scripts, styles, controls), notes what the page says of
/// itself, and hands Gumbo the tags of blocks alone, text replaced by marks. What Gumbo makes of them, as browsers
/// would, becomes a flat tree; each run of text is weighed, the part of the tree that holds the text is found, and what
/// does not belong to it is cut out. No step recurses, and each is bounded by `ExtractionLimits`.
package enum HTMLExtraction {
    /// - Parameter html: UTF-8; broken bytes become U+FFFD.
    package static func mainText(
        _ html: [UInt8], limits: ExtractionLimits = ExtractionLimits()
    ) throws(ExtractionError) -> MainText {
        guard html.count <= limits.pageBytesMax else {
            throw .tooLong(bytes: html.count, bytesMax: limits.pageBytesMax)
        }
        let (tree, facts) = html.withUnsafeBufferPointer { bytes in
            var sieve = PageSieve(bytes, limits)
            sieve.run()
            return (PageTree(sieve.output, segments: sieve.segments, of: bytes), sieve.facts)
        }
        var judge = ContentJudge(tree)
        judge.decide()
        var renderer = TextRenderer(tree, isKept: judge.isKept)
        let text = renderer.render()
        guard !text.isEmpty else { throw .noText }
        return MainText(
            title: facts.title(heading: tree.firstHeading), date: facts.date(in: tree), language: facts.language,
            bytes: text)
    }
}
