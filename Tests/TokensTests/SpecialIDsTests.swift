import JSON
import Testing
import Tokens

@Suite struct SpecialIDsTests {
    private func tokenizer(processor: JSONValue = .null, config: JSONValue? = nil) throws -> Tokenizer {
        var document = try #require(Fixtures.document().object)
        document["post_processor"] = processor
        return try Tokenizer.huggingFace(
            tokenizerJSON: Array(JSONValue.object(document).serialized().utf8), tokenizerConfig: config)
    }

    @Test func namedByTheConfiguration() throws {
        let found = try tokenizer(config: [
            "bos_token": ["content": "<|end|>", "lstrip": false], "eos_token": "<|end|>", "pad_token": "not there",
            "add_bos_token": true,
        ])
        #expect(found.bosID == found.id(of: "<|end|>") && found.eosID == found.bosID)
        #expect(found.padID == nil && found.addsBOS && !found.addsEOS)
        #expect(found.encode("a", special: false, addBOS: true).first == found.bosID)
    }

    @Test func namedByThePostProcessor() throws {
        let token: JSONValue = ["SpecialToken": ["id": "<|end|>", "type_id": 0]]
        let sequence: JSONValue = ["Sequence": ["id": "A", "type_id": 0]]
        let template = { (single: [JSONValue]) -> JSONValue in
            ["type": "TemplateProcessing", "single": .array(single), "special_tokens": [:]]
        }
        #expect(try tokenizer(processor: template([token, sequence])).addsBOS)
        #expect(try tokenizer(processor: template([sequence, token])).addsEOS)
        #expect(try !tokenizer(processor: ["type": "Sequence", "processors": [["type": "ByteLevel"]]]).addsBOS)
        #expect(throws: TokensError.self) { try tokenizer(processor: template([token, token, sequence])) }
    }

    @Test func idsThatNoTokenHasCountAsAbsent() throws {
        for id: JSONValue in [-1, 100_000, 4_294_967_296] {
            let processor: JSONValue = ["type": "BertProcessing", "cls": ["x", id], "sep": ["x", id]]
            let found = try tokenizer(processor: processor)
            #expect(found.bosID == nil && found.eosID == nil && !found.addsBOS)
        }
    }
}
