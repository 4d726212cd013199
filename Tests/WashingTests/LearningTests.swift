import Foundation
import Testing
import Washing

@Suite struct LearningTests {
    private func scan(_ text: String) -> TextScan {
        let scan = TextScan()
        scan.scan(Array(text.utf8))
        return scan
    }

    @Test func chancesAddUpToOne() {
        var model = NGramModel()
        for _ in 0..<3 { model.learn(scan("a b a c\na b b")) }
        // Over the words that are known, and as many unknown ones as there are taken to be, a context's chances are
        // all.
        let known = ["a", "b", "c"]
        var sum = 0.0
        for word in known + ["unknown"] {
            let with = model.perplexity(scan("a \(word)")) ?? 0
            let without = model.perplexity(scan("a")) ?? 0
            // The mean of two words' bits, less the first's, is the second's.
            let chance = 1 / (with * with / without)
            sum += word == "unknown" ? chance * (NGramModel.unknownWords - Double(known.count)) : chance
        }
        #expect(abs(sum - 1) < 1e-3)
    }

    @Test func whatWasReadSurprisesLess() throws {
        var model = NGramModel()
        for _ in 0..<20 { model.learn(scan("春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。")) }
        model.finish()
        let known = try #require(model.perplexity(scan("处处闻啼鸟")))
        let shuffled = try #require(model.perplexity(scan("鸟处啼处闻")))
        let other = try #require(model.perplexity(scan("软件安装指南")))
        #expect(known < shuffled && shuffled < other)
        #expect(model.perplexity(scan("…")) == nil)
        #expect(NGramModel().perplexity(scan("a")) == nil)
    }

    @Test func aClassifierTellsWhatItWasTaught() {
        let good = (0..<200).map { "the history of science number \($0) was written with care and of great use" }
        let bad = (0..<200).map { "cheap deals number \($0) buy click order ship now sale best price" }
        func examples(_ range: Range<Int>) -> [LinearClassifier.Example] {
            good[range].map { .init(features: LinearClassifier.features(scan($0)), isGood: true) }
                + bad[range].map { .init(features: LinearClassifier.features(scan($0)), isGood: false) }
        }
        let classifier = LinearClassifier.learn(examples(0..<150))
        let score = classifier.scores(examples(150..<200), thresholds: [0.5])[0]
        #expect(score.precision > 0.98 && score.recall > 0.98 && score.examples == 100)
    }

    @Test func modelsComeBackFromTheirFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "learnt-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var models = LearntModels()
        var model = NGramModel()
        model.learn(scan("one two three one two"))
        models.perplexity["en"] = model
        models.facts.words["en"] = model.words
        models.facts.perplexityMax["zh-Hant_x"] = 12.5
        models.classifier = LinearClassifier.learn([
            .init(features: [1, 2], isGood: true), .init(features: [3], isGood: false),
        ])
        try models.write(to: folder)
        let read = try LearntModels(folder: folder)
        #expect(read.facts == models.facts)
        #expect(read.classifier?.weights == models.classifier?.weights)
        let text = scan("two three four")
        #expect(read.perplexity["en"]?.perplexity(text) == model.perplexity(text))
        try Data("DLNGRAM1".utf8 + [1, 2, 3]).write(to: URL(filePath: folder + "/perplexity-en.bin"))
        #expect(throws: WashingError.self) { try LearntModels(folder: folder) }
    }

    @Test func dialoguesAreFound() {
        let finder = DialogueFinder(settings: .init(turnsMin: 2, turnBytesMax: 1000))
        let text =
            "前言\n问：水在什么温度结冰？\n答：零摄氏度。\n在一个大气压下。\n\nQ: Is it open?\nA: Yes.\n"
            + "User: thanks\nAssistant: you are welcome\n问：没有回答"
        let found = finder.dialogues(in: Array(text.utf8))
        #expect(found.count == 1)
        #expect(
            found.first?.map(\.text) == [
                "水在什么温度结冰？", "零摄氏度。\n在一个大气压下。", "Is it open?", "Yes.", "thanks", "you are welcome",
            ])
        #expect(finder.dialogues(in: Array("note: nothing\nq\n".utf8)).isEmpty)
    }
}
