import ArgumentParser
import Assistant
import Foundation
import Inference
import Instructions
import JSON
import Kernels
import Provenance

extension TraceVerb {
    func trace(habit pattern: HabitPattern, in corpus: CorpusIndex) async throws {
        var model: HabitTally?
        if let answers {
            model = HabitTally()
            try EvaluationTexts.forEach(path: answers) { item in
                for text in item.texts { model?.add(text, pattern) }
            }
        } else if options.model != nil {
            model = try await sample(pattern, corpus)
        }
        let line = SharedProgress()
        let pool = try WorkerPool(threads: options.assistantOptions.effectiveThreads)
        let report = try corpus.habit(pattern, model: model, on: pool) {
            line.show(Language.text(zh: "读语料", en: "reading the corpus"), share: $0)
        }
        line.clear()
        Terminal.output(json ? report.json.serialized() : Self.sheet(report), terminator: json ? "\n" : "")
    }

    /// What the model goes on with after beginnings of texts.
    private func sample(_ pattern: HabitPattern, _ corpus: CorpusIndex) async throws -> HabitTally {
        let starts: [String]
        if let prompts {
            let lines = String(decoding: try Terminal.read(prompts, bytesMax: 64 << 20), as: UTF8.self)
                .split(whereSeparator: \.isNewline)
            guard !lines.isEmpty else { throw ValidationError("--prompts: \(prompts)") }
            starts = (0..<samples).map { String(lines[$0 % lines.count]) }
        } else {
            starts = try corpus.beginnings(count: samples, characters: Self.beginningCharacters)
        }
        let assistant = try LocalModels.assistant(options.model, options.assistantOptions)
        let (tokensMax, seed) = (maxTokens, seed)
        let line = SharedProgress()
        defer { line.clear() }
        var tally = HabitTally()
        // As many at once as the engine likes; it queues the rest.
        for first in stride(from: 0, to: starts.count, by: Self.samplesAtOnce) {
            let numbers = first..<min(first + Self.samplesAtOnce, starts.count)
            let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for number in numbers {
                    group.addTask {
                        var sampling = SamplingParameters()
                        sampling.seed = seed &+ UInt64(number)
                        let stream = try await assistant.complete(
                            CompletionRequest(
                                prompt: .text(starts[number]), sampling: sampling, tokensMax: tokensMax))
                        var text = ""
                        for try await event in stream { if case .text(let piece, _) = event { text += piece } }
                        return (number, text)
                    }
                }
                return try await group.reduce(into: [String]()) { $0.append($1.1) }
            }
            for text in texts { tally.add(text, pattern) }
            line.show(
                Language.text(zh: "抽样", en: "sampling"), share: Double(numbers.upperBound) / Double(starts.count))
        }
        await assistant.drain(secondsMax: 0)
        return tally
    }

    private static let beginningCharacters = 12
    private static let samplesAtOnce = 16

    private static func sheet(_ report: HabitReport) -> String {
        func rate(_ tally: HabitTally) -> String {
            let share = tally.texts > 0 ? 100 * Double(tally.textsWith) / Double(tally.texts) : 0
            return Language.text(
                zh: String(format: "每百万字 %.1f 次，%.1f %% 的篇目有", tally.perMillion, share),
                en: String(format: "%.1f in a million characters, in %.1f %% of texts", tally.perMillion, share))
        }
        var lines = [
            Language.text(
                zh: "“\(report.pattern)”：语料中" + String(format: "每百万字 %.1f 次", report.corpusPerMillion),
                en: "“\(report.pattern)”: the corpus has it "
                    + String(format: "%.1f times in a million characters", report.corpusPerMillion))
        ]
        if let model = report.model {
            lines.append(Language.text(zh: "模型：\(rate(model))", en: "The model: \(rate(model))"))
        }
        for source in report.sources {
            lines.append("  \(source.name): \(Int(source.occurrences.rounded())), \(rate(source.tally))")
        }
        let guilty = report.guilty
        if !guilty.isEmpty {
            let names = guilty.map(\.name).joined(separator: ", ")
            lines.append(Language.text(zh: "多半来自：\(names)", en: "Most of it comes from: \(names)"))
            for example in guilty.flatMap(\.examples).prefix(3) {
                lines.append("  \(example.file):\(example.line)  \(example.excerpt)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
