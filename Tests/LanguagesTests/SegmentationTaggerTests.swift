import Foundation
import Languages
import Testing

@Suite struct SegmentationTaggerTests {
    /// Sentences in which names and years are cut otherwise than the dictionary does.
    private static let lines = [
        "１９９８年 ， 江 泽民 主席 在 北京 讲话 。", "１９９７年 ， 李 鹏 总理 在 上海 讲话 。", "１９９６年 ， 江 泽民 主席 在 上海 讲话 。",
        "１９９５年 ， 李 鹏 总理 在 北京 讲话 。",
    ]

    private static func taught() throws -> SegmentationTagger {
        var trainer = TaggerTrainer(try ChineseSegmenter.shipped())
        for line in lines { #expect(Array(line.utf8).withUnsafeBufferPointer { trainer.add($0) }) }
        return trainer.train(passes: 8) { _, _ in }
    }

    @Test func cutsAsItWasTaught() throws {
        let segmenter = try ChineseSegmenter.shipped()
        let text = "１９９６年，李鹏总理在北京讲话。"
        #expect(!segmenter.words(text).contains("１９９６年"))
        let found = segmenter.corrected(by: try Self.taught()).words(text)
        #expect(found == ["１９９６年", "，", "李", "鹏", "总理", "在", "北京", "讲话", "。"])
    }

    @Test func staysTheSameThroughAFile() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "danlu-\(UUID().uuidString).seg")
        defer { try? FileManager.default.removeItem(at: url) }
        let tagger = try Self.taught()
        try tagger.write(to: url)
        let segmenter = try ChineseSegmenter.shipped()
        let again = segmenter.corrected(by: try SegmentationTagger(contentsOf: url))
        for line in ["１９９５年，江泽民主席在上海讲话。\r\n第二行 abc def 1.5%", "", "🙂漢字かな　"] {
            #expect(again.words(line) == segmenter.corrected(by: tagger).words(line))
            #expect(again.words(line).joined() == line)
        }
        try Data([1, 2, 3]).write(to: url)
        #expect(throws: LanguagesError.self) { try SegmentationTagger(contentsOf: url) }
    }

    @Test func refusesLinesWithoutWords() throws {
        var trainer = TaggerTrainer(try ChineseSegmenter.shipped())
        #expect(!Array("  ".utf8).withUnsafeBufferPointer { trainer.add($0) })
        #expect(!Array(String(repeating: "字", count: 5_000).utf8).withUnsafeBufferPointer { trainer.add($0) })
        #expect(trainer.signCount == 0)
    }
}
