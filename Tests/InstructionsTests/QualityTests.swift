import Dialogue
import Instructions
import Testing

@Suite struct QualityTests {
    private func example(_ question: String, _ answer: String, system: String? = nil, line: Int = 1)
        -> InstructionExample
    {
        InstructionExample(
            messages: (system.map { [Message(role: .system, content: $0)] } ?? [])
                + [Message(role: .user, content: question), Message(role: .assistant, content: answer)],
            source: SourceLine(file: "a.jsonl", line: line))
    }

    @Test func unitsAreWordsAndHanCharacters() {
        let units = TextUnits("Hello, ＷＯＲＬＤ！春眠 it's 3.5\n")
        #expect(units.count == 8)
        #expect((0..<units.count).map { units.text($0..<$0 + 1) } == ["Hello", "WORLD", "春", "眠", "it", "s", "3", "5"])
        #expect(units.hash == TextUnits("hello world 春，眠…… IT S 3 5").hash)
        #expect(units.hash != TextUnits("hello world 眠春 it s 3 5").hash)
        #expect(TextUnits("").count == 0 && TextUnits("……").text(0..<0).isEmpty)
        #expect(TextUnits("CAFÉ").hash == TextUnits("cafe\u{301}").hash)
    }

    @Test func repeatsAreExactOrNormalized() {
        var census = DuplicateCensus()
        #expect(census.add(example("What is 1+1?", "2", line: 1)) == nil)
        let exact = census.add(example("What is 1+1?", "2", line: 2))
        #expect(exact?.isExact == true && exact?.first.line == 1)
        let words = census.add(example(" what IS 1 + 1 ", "2。", line: 3))
        #expect(words?.isExact == false && words?.first.line == 1)
        #expect(census.add(example("What is 1+1?", "3", line: 4)) == nil)
        #expect(census.add(example("What is 1+2?", "2", line: 5)) == nil)
        #expect(census.exactRepeats == 1 && census.normalizedRepeats == 2 && census.questionCount == 2)
    }

    /// The same words by another speaker are another example.
    @Test func speakersCount() {
        var census = DuplicateCensus()
        let preference = { (chosen: String, rejected: String) in
            InstructionExample(
                messages: [Message(role: .user, content: "q")],
                lesson: .preference(
                    chosen: [Message(role: .assistant, content: chosen)],
                    rejected: [Message(role: .assistant, content: rejected)]),
                source: SourceLine(file: "a.jsonl", line: 1))
        }
        #expect(census.add(preference("a", "b")) == nil && census.add(preference("b", "a")) == nil)
        #expect(census.add(preference("a", "b"))?.isExact == true)
    }

    static let evaluation = """
        {"question": "Janet has sixteen ducks that lay eggs every day and sells all of them at the fair", "n": "42"}
        {"question": "short but eight words long is this one", "answer": "yes"}
        {"question": "处处闻啼鸟夜来风雨声花落知多少", "choices": ["甲", "乙"]}
        {"question": "nobody repeats this", "answer": "no"}
        """

    @Test(arguments: [
        // Thirteen words of the first, and twelve.
        ("they say: Sixteen ducks, that lay EGGS every day; and sells all of them, at once", true),
        ("they say: Sixteen ducks, that lay EGGS every day; and sells all of them. Really", false),
        ("Short, but eight words long is this one!", true), ("he said: short but eight words long is this one", false),
        ("请续写：处处闻啼鸟，夜来风雨声，花落", false), ("请续写：处处闻啼鸟，夜来风雨声，花落知", true), ("42", false),
    ])
    func thirteenUnitsInARowOverlap(text: String, overlaps: Bool) throws {
        let files = try TemporaryFiles()
        var contamination = Contamination()
        try contamination.add(evaluation: files.write(Self.evaluation, "test.jsonl"))
        #expect(contamination.itemCount == 4)
        for (question, answer) in [(text, "x"), ("x", text)] {
            let overlap = contamination.overlap(with: example(question, answer))
            #expect((overlap != nil) == overlaps, "\(overlap?.text ?? "")")
        }
        #expect(contamination.overlap(with: example("x", "y", system: text)) == nil)
        #expect(contamination.exampleCount == (overlaps ? 2 : 0) && contamination.itemsFound == (overlaps ? 1 : 0))
    }

    @Test func evaluationsMayBeOneObjectOrText() throws {
        let files = try TemporaryFiles()
        let words = (1...13).map { "word\($0)" }.joined(separator: " ")
        let nested = #"{"data": [{"paragraphs": [{"context": "\#(words)", "qas": [{"question": "q"}]}]}, {"id": "x"}]}"#
        for (text, name, items) in [(nested, "squad.json", 3), (words + "\n", "test.txt", 1)] {
            var contamination = Contamination()
            try contamination.add(evaluation: files.write(text, name))
            #expect(contamination.itemCount == items, "\(name)")
            #expect(contamination.overlap(with: example("x", "so " + words))?.text == words, "\(name)")
        }
        #expect(throws: InstructionsError.self) {
            var contamination = Contamination()
            try contamination.add(evaluation: files.write("{", "broken.jsonl"))
        }
    }

    @Test func aSplitKeepsQuestionsTogetherAndStays() {
        let split = DataSplit(heldOutShare: 0.25, seed: 7)
        var held = 0
        for number in 0..<2000 {
            let question = "question number \(number) 题"
            let side = split.isHeldOut(example(question, "a"))
            held += side ? 1 : 0
            #expect(split.isHeldOut(example("Question, number \(number)，题", "another", system: "s")) == side)
        }
        // Four standard deviations.
        #expect(abs(held - 500) < 80, "\(held)")
        let other = DataSplit(heldOutShare: 0.25, seed: 8)
        let moved = (0..<2000).count { number in
            let item = example("question number \(number) 题", "a")
            return other.isHeldOut(item) != split.isHeldOut(item)
        }
        #expect(moved > 500)
        // Pinned: the same on every machine and in every version, or held-out data would leak into training.
        let pinned = (0..<16).filter { DataSplit(heldOutShare: 0.5, seed: 1).isHeldOut(example("问题 \($0)", "a")) }
        #expect(pinned == Self.pinned, "\(pinned)")
    }

    static let pinned = [3, 6, 7, 8, 11, 13, 14, 15]
}
