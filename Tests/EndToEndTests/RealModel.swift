import Assistant
import Foundation
import Testing

/// The small real model of the test home, loaded once for all tests.
enum RealModel {
    static let name = "smollm2-135m-instruct"

    /// Its file; nil where script/test has not been run.
    static var path: String? {
        guard let home = ProcessInfo.processInfo.environment["DANLU_TEST_HOME"], !home.isEmpty else { return nil }
        let path = "\(home)/models/\(name)/\(name).gguf"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    static let isHere: Comment = "DANLU_TEST_HOME names no home with smollm2-135m-instruct; script/test makes one"

    private static let shared = Result { () throws -> Assistant in
        var options = AssistantOptions()
        options.contextTokens = 2048
        return try Assistant.load(path: path ?? "", name: name, options: options)
    }

    static func assistant() throws -> Assistant { try shared.get() }
}

/// An answer read to its end.
struct Answer: Sendable {
    var pieces: [String] = []
    var scored: [ScoredToken] = []
    var start: AnswerStart?
    var end: AnswerEnd?

    var text: String { pieces.joined() }

    init(_ stream: AnswerStream) async throws {
        for try await event in stream {
            switch event {
            case .started(let start): self.start = start
            case .text(let piece, let tokens):
                pieces.append(piece)
                scored += tokens
            case .finished(let end): self.end = end
            default: break
            }
        }
    }
}
