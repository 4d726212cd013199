import Foundation
import Instructions
import JSON
import Training

/// The answers of files, in their order, pairs side by side.
struct ScoredAnswers {
    private(set) var examples: [RenderedExample] = []
    /// What each is to its neighbour; nil for an answer by itself.
    private var isChosen: [Bool?] = []
    private var dropped = 0

    init(_ paths: [String], _ text: TuningText, tokensMax: Int, _ skipsBroken: Bool) throws {
        let data = try InstructionData(paths: paths, skipsBroken: skipsBroken)
        let renderer = text.renderer
        for example in data.examples {
            if let pair = try renderer.renderPair(example) {
                guard let chosen = pair.chosen.cut(tokensMax: tokensMax),
                    let rejected = pair.rejected.cut(tokensMax: tokensMax)
                else {
                    dropped += 1
                    continue
                }
                add(chosen, isChosen: true)
                add(rejected, isChosen: false)
                continue
            }
            if case .task = example.lesson { continue }
            guard let answer = try renderer.render(example).last?.cut(tokensMax: tokensMax) else {
                dropped += 1
                continue
            }
            add(answer, isChosen: nil)
        }
        guard !examples.isEmpty else {
            throw TrainingError.noDocuments(
                path: paths.joined(separator: ", "), reason: "no answer is within \(tokensMax) tokens")
        }
    }

    private mutating func add(_ example: RenderedExample, isChosen: Bool?) {
        examples.append(example)
        self.isChosen.append(isChosen)
    }

    private func pairs(_ scores: [Float]) -> PairScores {
        var pairs = PairScores()
        func answer(_ index: Int) -> PairScores.Answer {
            PairScores.Answer(score: Double(scores[index]), tokens: examples[index].targets)
        }
        for index in examples.indices where isChosen[index] == true {
            pairs.add(chosen: answer(index), rejected: answer(index + 1))
        }
        return pairs
    }

    func lines(_ scores: [Float]) -> [JSONObject] {
        var lines: [JSONObject] = examples.indices.map { index in
            var line: JSONObject = [
                "at": .string("\(examples[index].source)"), "score": .double(Double(scores[index])),
                "tokens": .int(examples[index].targets),
            ]
            if let chosen = isChosen[index] { line["chosen"] = .bool(chosen) }
            return line
        }
        let pairs = pairs(scores)
        guard pairs.count > 0 else { return lines }
        lines.append([
            "pairs": .int(pairs.count), "accuracy": .double(pairs.accuracy), "low": .double(pairs.interval.low),
            "high": .double(pairs.interval.high), "margin": .double(pairs.margin),
            "length_correlation": .double(pairs.lengthCorrelation),
            "length_accuracy": .double(pairs.lengthAccuracy), "follows_length": .bool(pairs.followsLength),
            "dropped": .int(dropped),
        ])
        return lines
    }

    func text(_ scores: [Float]) -> [String] {
        let pairs = pairs(scores)
        guard pairs.count > 0 else {
            return examples.indices.map { "\(String(format: "%8.3f", scores[$0]))  \(examples[$0].source)" }
        }
        let share = String(
            format: "%.3f  [%.3f, %.3f]", pairs.accuracy, pairs.interval.low, pairs.interval.high)
        var lines = [
            Language.text(zh: "正确率 \(share) · \(pairs.count) 对", en: "accuracy \(share) · \(pairs.count) pairs"),
            Language.text(
                zh: String(
                    format: "差距 %.3f · 只看长度的正确率 %.3f · 与长度的相关系数 %+.2f", pairs.margin, pairs.lengthAccuracy,
                    pairs.lengthCorrelation),
                en: String(
                    format: "margin %.3f · accuracy of length alone %.3f · correlation with length %+.2f", pairs.margin,
                    pairs.lengthAccuracy, pairs.lengthCorrelation)),
        ]
        if pairs.followsLength {
            lines.append(
                Language.text(
                    zh: "注意：分数几乎只随长度变化；用它作奖励，学到的可能只是长度。",
                    en: "Note: scores follow length; what is rewarded by them may learn length alone."))
        }
        if dropped > 0 {
            lines.append(Language.text(zh: "\(dropped) 例太长，已略去", en: "\(dropped) examples are too long and left out"))
        }
        return lines
    }
}
