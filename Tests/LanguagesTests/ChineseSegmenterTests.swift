import Foundation
import Languages
import Testing

@Suite struct ChineseSegmenterTests {
    /// The file of script/languages/golden.py: the sentence, U+001E, the reference's words between U+001F.
    @Test func cutsAsTheReference() throws {
        let segmenter = try ChineseSegmenter.shipped()
        let path = try #require(Bundle.module.url(forResource: "Goldens/jieba.txt", withExtension: nil))
        var count = 0
        for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: "\u{1E}", omittingEmptySubsequences: false)
            let words = parts[1].split(separator: "\u{1F}")
            #expect(segmenter.words(String(parts[0])) == words, "\(parts[0])")
            count += 1
        }
        #expect(count > 100)
    }

    @Test(arguments: ["我来到北京清华大学。\r\nHello, 世界 1.5%\n", "", "🙂漢字かな", String(repeating: "字", count: 40_000)])
    func coversTheTextInOrder(text: String) throws {
        var text = text
        var place = 0
        try text.withUTF8 { utf8 in
            try ChineseSegmenter.shipped().forEachWord(utf8) { word in
                #expect(word.lowerBound == place && !word.isEmpty)
                place = word.upperBound
            }
        }
        #expect(place == text.utf8.count)
    }

    @Test func readsNothingBeyondTheEnd() throws {
        let segmenter = try ChineseSegmenter.shipped()
        let text = Array("北京é😀a".utf8)
        for count in 0...text.count {
            var end = 0
            Array(text[..<count]).withUnsafeBufferPointer { segmenter.forEachWord($0) { end = $0.upperBound } }
            #expect(end == count)
        }
    }
}
