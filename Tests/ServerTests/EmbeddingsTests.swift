import Foundation
import JSON
import Testing

@Suite struct EmbeddingsTests {
    @Test func vectorsHaveLengthOneAndBase64IsTheSameNumbers() async throws {
        try await TestServer.run(TestServer()) { client in
            let inputs: JSONValue = ["input": ["你好", "abc"]]
            let floats = try await client.post("/v1/embeddings", inputs)
            #expect(floats.json["object"] == "list" && floats.json[path: "data.1.index"] == 1)
            #expect(floats.json["usage"] == ["prompt_tokens": 9, "total_tokens": 9])
            let encoded = try await client.post(
                "/v1/embeddings", ["input": ["你好", "abc"], "encoding_format": "base64"])
            for place in 0..<2 {
                let vector = (floats.json[path: "data.\(place).embedding"]?.array ?? []).compactMap(\.double)
                #expect(vector.count == ScriptedModel.dimensions)
                #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
                let text = encoded.json[path: "data.\(place).embedding"]?.string ?? ""
                let data = try #require(Data(base64Encoded: text))
                let decoded = data.withUnsafeBytes { bytes in
                    (0..<bytes.count / 4).map {
                        Float(
                            bitPattern: UInt32(
                                littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
                    }
                }
                #expect(decoded == vector.map(Float.init))
            }
        }
    }

    @Test func oneTextOrTokenIdsWillDo() async throws {
        try await TestServer.run(TestServer()) { client in
            let text = try await client.post("/v1/embeddings", ["input": "ab"])
            let tokens = try await client.post("/v1/embeddings", ["input": [97, 98]])
            let lists = try await client.post("/v1/embeddings", ["input": [[97, 98], [97]]])
            #expect(text.json[path: "data.0.embedding"] == tokens.json[path: "data.0.embedding"])
            #expect(lists.json["data"]?.array?.count == 2)
            #expect(lists.json[path: "data.0.embedding"] == text.json[path: "data.0.embedding"])
        }
    }

    @Test func fewerDimensionsAreScaledToLengthOneAgain() async throws {
        try await TestServer.run(TestServer()) { client in
            let reply = try await client.post("/v1/embeddings", ["input": "abc", "dimensions": 16])
            let vector = (reply.json[path: "data.0.embedding"]?.array ?? []).compactMap(\.double)
            #expect(vector.count == 16 && abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
            let more = try await client.post("/v1/embeddings", ["input": "abc", "dimensions": 129])
            #expect(more.status == .badRequest && more.error["param"] == "dimensions")
        }
    }

    @Test func wrongInputsAreNamed() async throws {
        let server = try await TestServer(limits: { $0.embeddingInputsMax = 2 }, assistant: { $0.contextTokens = 128 })
        try await TestServer.run(server) { client in
            for input: JSONValue in ["", [], [""], 5, ["a", "b", "c"], [[]], nil] {
                let reply = try await client.post("/v1/embeddings", ["input": input])
                #expect(reply.status == .badRequest && reply.error["param"] == "input", "\(input): \(reply.text)")
            }
            let long = try await client.post("/v1/embeddings", ["input": .string(String(repeating: "x", count: 200))])
            #expect(long.error["code"] == "context_length_exceeded" && long.error["param"] == "input")
            let format = try await client.post("/v1/embeddings", ["input": "a", "encoding_format": "int8"])
            #expect(format.error["param"] == "encoding_format")
        }
    }
}
