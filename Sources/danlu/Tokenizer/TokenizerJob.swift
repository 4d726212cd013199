import Foundation
import JSON
import Tokens
import Training

/// What `danlu tokenizer train` does once its options are known.
struct TokenizerJob: Sendable {
    var settings: TokenizerTrainingSettings
    var inputs: [DataPath]
    var brokenLines: Int
    var output: URL
    /// One document of so many is kept from the training and measured afterwards; 0 keeps none.
    var heldOut: Int

    /// Text that is kept to be measured.
    private static let heldOutBytesMax = 32 << 20

    struct Result: Sendable {
        var vocabularySize = 0
        var merges = 0
        var documents = 0
        var textBytes = 0
        var seconds = 0.0
        var readSeconds = 0.0
        var heldOut: JSONValue = .null
    }

    /// - Throws: `CancellationError` when the task was cancelled; nothing has been written then.
    func run() throws -> Result {
        var result = Result()
        var kept: [String] = []
        var progress = ProgressLine()
        defer { progress.clear() }
        let began = ContinuousClock.now
        var trainer = try TokenizerTrainer(settings)
        try read(into: &trainer, keeping: &kept, &result, &progress)
        result.textBytes = trainer.textBytes
        guard result.textBytes > 0 else { throw TerminalError.noText(paths: inputs.map(\.path)) }
        result.readSeconds = Self.seconds(since: began)
        progress.restart()
        let vocabulary = try trainer.vocabulary { step in
            try Task.checkCancellation()
            guard case .merged(let done, let wanted) = step, progress.isDue else { return }
            progress.show(
                [Language.text(zh: "合并 \(done)/\(wanted)", en: "merges \(done)/\(wanted)"), progress.rate(done)],
                share: Double(done) / Double(max(1, wanted)))
        }
        try write(vocabulary)
        result.vocabularySize = vocabulary.tokens.count
        result.merges = vocabulary.merges.count
        result.seconds = Self.seconds(since: began)
        if !kept.isEmpty {
            let tokenizer = try TokenizerVerb.tokenizer(output.path)
            var tally = TokenTally()
            for text in kept { tally.add(text, tokenizer) }
            result.heldOut = tally.json
        }
        return result
    }

    private func read(
        into trainer: inout TokenizerTrainer, keeping kept: inout [String], _ result: inout Result,
        _ progress: inout ProgressLine
    ) throws {
        var inputs = try TextInputs(inputs, brokenLines: brokenLines)
        var keptBytes = 0
        while let (document, times) = try inputs.next() {
            try Task.checkCancellation()
            result.documents += 1
            if heldOut > 0, result.documents % heldOut == 0, keptBytes < Self.heldOutBytesMax {
                kept.append(document.text)
                keptBytes += document.text.utf8.count
            } else {
                trainer.add(Array(document.text.utf8), times: times)
            }
            guard progress.isDue else { continue }
            let size = ModelHome.size(trainer.textBytes)
            progress.show(
                [Language.text(zh: "读取 \(size)", en: "read \(size)"), progress.rate(bytes: trainer.textBytes)],
                share: inputs.share)
        }
    }

    private func write(_ vocabulary: BytePairVocabulary) throws {
        do {
            try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
            // The configuration first: a folder with a tokenizer.json is a whole one.
            try Data(vocabulary.tokenizerConfigJSON())
                .write(to: output.appending(path: "tokenizer_config.json"), options: .atomic)
            try Data(try vocabulary.tokenizerJSON())
                .write(to: output.appending(path: "tokenizer.json"), options: .atomic)
        } catch let error as TokensError {
            throw error
        } catch {
            throw TerminalError.cannotWrite(path: output.path, reason: error.localizedDescription)
        }
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        start.duration(to: .now) / .seconds(1)
    }
}
