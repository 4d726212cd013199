import Assistant
import Foundation
import Hummingbird
import JSON

/// `POST /v1/embeddings`: the mean of the last hidden states, of length 1; as numbers or as base64 of little-endian
/// 32-bit floats, which the official client asks for.
struct EmbeddingsRoute {
    let service: AnswerService

    func respond(to request: Request, context: DanluContext) async throws -> Response {
        try service.requireAccepting()
        var request = request
        let body = try await service.body(of: &request)
        guard let inputs = try body.prompts("input", countMax: service.limits.embeddingInputsMax) else {
            throw APIError.missing("input")
        }
        let isBase64 = try isBase64(body)
        let dimensions = try body.int("dimensions", in: 1...1_000_000)
        let assistant = try await service.assistant(named: try body.string("model"), with: try body.adapters())
        let seconds = service.limits.requestSecondsMax
        let result = try await service.whileConnected(request) {
            do {
                return try await service.blaming("input") {
                    try await AnswerService.within(seconds: seconds) {
                        try await assistant.embed(inputs, owner: context.owner)
                    }
                }
            } catch is AnswerService.DeadlineError {
                throw AssistantError.deadlineExceeded(seconds: seconds)
            }
        }
        if let dimensions, let length = result.vectors.first?.count, dimensions > length {
            throw APIError.invalid("dimensions", "\(dimensions) is more than this model's \(length).")
        }
        let data = result.vectors.enumerated().map { place, vector -> JSONValue in
            let vector = dimensions.map { normalized(vector.prefix($0)) } ?? vector
            return ["object": "embedding", "index": .int(place), "embedding": encoded(vector, isBase64)]
        }
        return .json([
            "object": "list", "data": .array(data), "model": .string(assistant.name),
            "usage": ["prompt_tokens": .int(result.tokens), "total_tokens": .int(result.tokens)],
        ]).closing()
    }

    private func isBase64(_ body: RequestFields) throws -> Bool {
        switch try body.string("encoding_format") {
        case nil, "float": false
        case "base64": true
        case let other?: throw APIError.invalid("encoding_format", "'\(other.prefix(40))' is none of float, base64.")
        }
    }

    private func encoded(_ vector: [Float], _ isBase64: Bool) -> JSONValue {
        guard isBase64 else { return .array(vector.map { .double(Self.shortest($0)) }) }
        let bytes = vector.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        return .string(Data(bytes).base64EncodedString())
    }

    /// The double that is written as briefly as the float it stands for.
    private static func shortest(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }

    private func normalized(_ vector: some Collection<Float>) -> [Float] {
        let length = vector.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : Array(vector)
    }
}
