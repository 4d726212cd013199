import Foundation
import JSON
import Kernels

/// What goes on how: idioms, poems, the order of sentences.
enum ClozeTask {
    static let kinds = [idioms, poems, sentenceOrder]

    /// The last character of a common idiom, among those of three others.
    private static let idioms = TaskKind(
        name: "idiom-cloze", zh: "成语末字填空，四选一", en: "the last character of an idiom", source: "common idioms",
        shots: 0
    ) { settings, _ in
        let words = Idioms.all
        var generator = settings.generator("idioms")
        let items = settings.limited(words, "idioms").map { idiom in
            let right = String(idiom.suffix(1))
            let (choices, answer) = choices(right, from: words.map { String($0.suffix(1)) }, &generator)
            return EvaluationItem(
                id: idiom,
                work: .choice(
                    context: "成语：" + idiom.dropLast(), delimiter: "", choices: choices, answer: answer))
        }
        return EvaluationTask(name: "idiom-cloze", metric: .accuracy, items: items)
    }

    /// The second line of a couplet, among second lines of other poems that are as long.
    private static let poems = TaskKind(
        name: "poem-cloze", zh: "诗词下句，四选一", en: "the second line of a couplet",
        source: "github.com/chinese-poetry/chinese-poetry (MIT)", shots: 0
    ) { settings, kind in
        let path = try settings.find(
            ["poems-tang-song.jsonl.gz", "poems.jsonl", "poems.jsonl.gz"], task: "poem-cloze", source: kind.source)
        var couplets: [(id: String, first: String, second: String)] = []
        for (line, value) in try DataFile.jsonLines(path) {
            // One couplet a poem, so that no poem counts twice.
            guard let text = value["text"]?.string, let row = text.split(separator: "\n").first,
                let match = row.firstMatch(of: /^(\p{Han}{5}|\p{Han}{7})，(\p{Han}{5}|\p{Han}{7})。/),
                match.1.count == match.2.count
            else { continue }
            couplets.append(("\(line)", String(match.1), String(match.2)))
        }
        var generator = settings.generator("poems")
        let seconds = Dictionary(grouping: couplets.map(\.second), by: \.count)
        let items = generator.sample(settings.generatedCount, of: couplets).map { couplet in
            let (choices, answer) = choices(
                couplet.second, from: seconds[couplet.second.count] ?? [], &generator)
            return EvaluationItem(
                id: couplet.id,
                work: .choice(context: couplet.first + "，", delimiter: "", choices: choices, answer: answer))
        }
        return EvaluationTask(name: "poem-cloze", metric: .accuracy, items: items)
    }

    /// Three others and the right one, at a place that the seed chooses.
    private static func choices(
        _ right: String, from others: [String], _ generator: inout SplitMix64
    ) -> (choices: [String], answer: Int) {
        var wrong: [String] = []
        // Few different others end the search: then there are fewer choices.
        for _ in 0..<1000 where wrong.count < 3 {
            let other = others[Int.random(in: 0..<others.count, using: &generator)]
            if other != right, !wrong.contains(other) { wrong.append(other) }
        }
        let answer = Int.random(in: 0...wrong.count, using: &generator)
        wrong.insert(right, at: answer)
        return (wrong, answer)
    }

    /// Two sentences that follow each other in a text, and the same two the other way round.
    private static let sentenceOrder = TaskKind(
        name: "sentence-order", zh: "哪个句序是原文", en: "which order of two sentences is the text's", source: "--text",
        shots: 0
    ) { settings, _ in
        guard !settings.texts.isEmpty else {
            throw EvaluationError.invalidSetting(
                name: "sentence-order", expected: "texts (--text FILE or folder)", actual: "none")
        }
        var generator = settings.generator("sentences")
        let documents = try BitsTask.documents(settings, bytesMin: 200)
        let items = generator.sample(settings.generatedCount, of: documents).enumerated().compactMap {
            place, document -> EvaluationItem? in
            let sentences = sentences(document.text)
            guard sentences.count > 3 else { return nil }
            // The text's first sentence is what both orders come after.
            let start = Int.random(in: 1..<sentences.count - 1, using: &generator)
            let right = sentences[start] + sentences[start + 1]
            let wrong = sentences[start + 1] + sentences[start]
            let isFirst = Bool.random(using: &generator)
            return EvaluationItem(
                id: "\(place + 1):\(document.line)",
                work: .choice(
                    context: sentences[start - 1], delimiter: "", choices: isFirst ? [right, wrong] : [wrong, right],
                    answer: isFirst ? 0 : 1))
        }
        return EvaluationTask(name: "sentence-order", metric: .accuracy, items: items)
    }

    private static let sentenceLengths = 8...200

    /// A text's sentences with their ends; those much too short or long are left out.
    private static func sentences(_ text: String) -> [String] {
        let one = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return one.matches(of: /[^.!?。！？]+[.!?。！？]+\s*/).map { String($0.output) }
            .filter { sentenceLengths.contains($0.count) }
    }
}
