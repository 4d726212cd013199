/// Cuts Chinese text into words, as jieba does in its default mode, about a hundred times as fast.
///
///     let segmenter = try ChineseSegmenter.shipped()
///     segmenter.forEachWord(utf8) { range in … }      // 我 来到 北京 清华大学
///
/// Every possible word of the dictionary is an edge; the path with the most probable words (by their counts) is taken;
/// runs of single signs on it are looked at by a hidden Markov model, which finds names and new words. Ranges cover the
/// whole text in order: spaces, marks and line ends are words of their own, letters and digits stay together.
package final class ChineseSegmenter: Sendable {
    let model: SegmentationModel
    private let tagger: SegmentationTagger?

    private static let loaded: Result<ChineseSegmenter, LanguagesError> = Result { () throws(LanguagesError) in
        ChineseSegmenter(try SegmentationModel(try CompressedResource.inflated("words.bin")))
    }

    /// The segmenter with the shipped dictionary; read on the first call (about 0.2 s).
    package static func shipped() throws(LanguagesError) -> ChineseSegmenter { try loaded.get() }

    init(_ model: SegmentationModel, tagger: SegmentationTagger? = nil) {
        self.model = model
        self.tagger = tagger
    }

    /// The same dictionary, its cuts corrected by a model of `TaggerTrainer`.
    package func corrected(by tagger: SegmentationTagger) -> ChineseSegmenter {
        ChineseSegmenter(model, tagger: tagger)
    }

    /// - Parameters:
    ///   - utf8: valid UTF-8.
    ///   - body: gets the byte range of each word, in order.
    package func forEachWord(_ utf8: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        guard let bytes = utf8.baseAddress else { return }
        if let tagger {
            var scan = TaggedScan(model, tagger)
            return scan.run(bytes, count: utf8.count, body)
        }
        var scan = SegmentationScan(model)
        scan.run(bytes, count: utf8.count, body)
    }

    /// The words of a string.
    package func words(_ text: String) -> [Substring] {
        var text = text
        var ranges: [Range<Int>] = []
        text.withUTF8 { utf8 in forEachWord(utf8) { ranges.append($0) } }
        return ranges.map { range in
            let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
            return text[start..<text.utf8.index(start, offsetBy: range.count)]
        }
    }
}
