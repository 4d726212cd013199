import Foundation
import JSON
import Provenance
import Testing

@Suite struct AnswerTraceTests {
    private static let sentence = "春眠不觉晓，处处闻啼鸟。"

    /// What stands around the sentence decides which of many documents are shown.
    @Test func documentsThatHaveToDoWithTheAnswerComeFirst() throws {
        var documents = (0..<9).map { (text: "第\($0)页，与别的事有关。" + Self.sentence + "下面是别的话。", metadata: JSONObject()) }
        documents.insert((text: "孟浩然的五言绝句写春天的早晨。" + Self.sentence + "诗人听见鸟声。", metadata: [:]), at: 4)
        let index = try TracedCorpus(["a.jsonl": documents]).build()
        let trace = try AnswerTrace(
            of: "孟浩然写道：" + Self.sentence, to: "哪首绝句写春天的早晨？", in: index, documentsMax: 3)
        let found = try #require(trace.spans.first)
        #expect(found.span.count == 10 && found.documents.count == 3)
        #expect(found.documents[0].place.line == 5)
        #expect(found.documents.map(\.relevance) == found.documents.map(\.relevance).sorted(by: >))
    }

    @Test func theRuleThatWasNearestIsNamed() throws {
        let corpus = try TracedCorpus([
            "a.jsonl": [(Self.sentence + "夜来风雨声，花落知多少。", ["changes": ["marks.run_max": 2], "source": "唐诗"])]
        ])
        let recipe = """
            name = "strict"
            [gopher]
            words_min = 15
            words_max = 1000
            [decontaminate]
            against = ["gone.jsonl"]
            """
        try Data(recipe.utf8).write(to: URL(filePath: "\(corpus.corpus)/recipe.toml"))
        try Data(#"{"format": "danlu-corpus-1", "recipe": "strict", "recipeSha256": "00"}"#.utf8)
            .write(to: URL(filePath: "\(corpus.corpus)/manifest.json"))
        _ = try corpus.build()
        let asked = try CorpusIndex(folder: corpus.index, asksRules: true)
        let document = try #require(try AnswerTrace(of: Self.sentence, in: asked).spans.first?.documents.first)
        let rules = try #require(document.rules)
        #expect(rules.map(\.rule) == ["words_min", "words_max"])
        #expect(rules[0].step == "gopher" && rules[0].value == 20 && rules[0].limit == 15)
        #expect(rules[0].isKept && rules[0].isLeast && rules[0].margin == 0.25)
        #expect(document.changes?.map(\.name) == ["marks.run_max"] && document.changes?.map(\.parts) == [2])
        // Steps that cannot be asked again are named all the same.
        #expect(asked.manifest.washing?.steps == ["gopher", "decontaminate"])
        let silent = try CorpusIndex(folder: corpus.index)
        #expect(try AnswerTrace(of: Self.sentence, in: silent).spans.first?.documents.first?.rules == nil)
    }
}
