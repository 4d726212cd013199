import Assistant
import Foundation
import Hummingbird
import JSON

/// `POST /v1/embeddings`: the mean of the last hidden states, of length 1; as numbers or as base64 of little-endian
/// 32-bit floats, which the official client asks for.
struct EmbeddingsRoute {
    let service: AnswerService

    func respond(to request: Request, context: DanluContext) async throws -> Response {
        var request = request
        let body = try await service.body(of: &request)
        let inputs = try inputs(body)
        let isBase64 = try isBase64(body)
        let dimensions = try body.int("dimensions", in: 1...1_000_000)
        let assistant = try await service.assistant(named: try body.string("model"))
        let result = try await service.whileConnected(request) {
            try await assistant.embed(inputs, owner: context.owner)
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

    private func inputs(_ body: RequestFields) throws -> [CompletionRequest.Prompt] {
        guard let value = body.value("input") else { throw APIError.missing("input") }
        if let text = value.string { return [.text(text)] }
        guard let items = value.array, let first = items.first else {
            throw APIError.wrongType("input", expected: "a string, an array of strings or token ids", got: value)
        }
        if first.int != nil { return [.tokens(try CompletionFields.tokens(value, "input"))] }
        guard items.count <= service.limits.embeddingInputsMax else {
            throw APIError.invalid("input", "\(items.count) inputs, the limit is \(service.limits.embeddingInputsMax).")
        }
        return try items.enumerated().map { place, item in
            if let text = item.string { return .text(text) }
            return .tokens(try CompletionFields.tokens(item, "input[\(place)]"))
        }
    }

    private func isBase64(_ body: RequestFields) throws -> Bool {
        switch try body.string("encoding_format") {
        case nil, "float": false
        case "base64": true
        case let other?: throw APIError.invalid("encoding_format", "'\(other.prefix(40))' is none of float, base64.")
        }
    }

    private func encoded(_ vector: [Float], _ isBase64: Bool) -> JSONValue {
        guard isBase64 else { return .array(vector.map { .double(Double($0)) }) }
        let bytes = vector.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        return .string(Data(bytes).base64EncodedString())
    }

    private func normalized(_ vector: some Collection<Float>) -> [Float] {
        let length = vector.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : Array(vector)
    }
}
