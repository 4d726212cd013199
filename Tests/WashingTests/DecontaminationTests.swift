import Foundation
import Testing
import Washing

@Suite struct DecontaminationTests {
    static let question =
        "Janet's ducks lay 16 eggs per day. She eats three for breakfast every morning and bakes muffins."

    static func overlap(_ decontamination: Decontamination, _ text: String) -> (String, String)? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer(decontamination.overlap).map {
            ($0.evaluation, String(decoding: bytes[$0.place], as: UTF8.self))
        }
    }

    @Test func thirteenUnitsInARowAreFound() throws {
        var decontamination = Decontamination()
        decontamination.add([Self.question], from: "gsm8k:1")
        decontamination.add(["一种新的合成氨催化剂的活性中心是什么元素？", "42"], from: "cmmlu:7")
        #expect(decontamination.itemCount == 2)
        let found = Self.overlap(
            decontamination, "Seen: DUCKS lay 16 eggs per day; she eats three for breakfast, every morning and then")
        #expect(found?.0 == "gsm8k:1")
        #expect(found?.1.contains("DUCKS lay 16 eggs per day; she eats three for breakfast, every morning") == true)
        #expect(Self.overlap(decontamination, "ducks lay 16 eggs per day; she eats three for breakfast every") == nil)
        #expect(Self.overlap(decontamination, "题：新的合成氨、催化剂的活性中心是什么").map(\.0) == "cmmlu:7")
        #expect(Self.overlap(decontamination, "新的合成氨催化剂的活性中") == nil)
    }

    @Test func shortQuestionsOfWordsCountAsAWhole() {
        var decontamination = Decontamination()
        decontamination.add(["Who wrote the opera about a barber of Seville?"], from: "nq:1")
        decontamination.add(["谁写了红楼梦这本书呢"], from: "zh:1")
        decontamination.add(["Who wrote it?"], from: "nq:2")
        #expect(decontamination.itemCount == 1)
        #expect(Self.overlap(decontamination, "So: who wrote the opera about a barber of Seville? Rossini.") != nil)
        #expect(Self.overlap(decontamination, "who wrote the opera about a barber of Paris") == nil)
        #expect(Self.overlap(decontamination, "谁写了红楼梦这本书呢") == nil)
    }

    @Test func evaluationFilesAreRead() throws {
        let folder = try DuplicateFolder()
        try Data(#"{"question": "\#(Self.question)", "answer": "18"}"#.utf8)
            .write(to: URL(filePath: folder.file("test.jsonl")))
        var decontamination = Decontamination()
        try decontamination.add(evaluation: folder.file("test.jsonl"))
        #expect(Self.overlap(decontamination, "x " + Self.question)?.0.hasSuffix("test.jsonl:1") == true)
        #expect(throws: (any Error).self) { try decontamination.add(evaluation: folder.file("none.jsonl")) }
    }

    @Test func manyRunsStayApart() {
        var decontamination = Decontamination()
        let words = (0..<40_000).map { "word\($0)" }
        decontamination.add([words.joined(separator: " ")], from: "book")
        #expect(Self.overlap(decontamination, words[20_000..<20_013].joined(separator: " ")) != nil)
        #expect(Self.overlap(decontamination, words[20_000..<20_012].joined(separator: " ")) == nil)
        #expect(Self.overlap(decontamination, words.reversed().joined(separator: " ")) == nil)
    }
}
