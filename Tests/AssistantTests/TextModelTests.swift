import Assistant
import Foundation
import Testing

/// What a model's files tell before any weight is loaded.
@Suite struct TextModelTests {
    @Test func theFilesOwnTemplateComesFirst() throws {
        let own = try TinyModel(template: "{{ messages[0].content }}!")
        defer { own.remove() }
        let model = try TextModel(path: own.folder.path)
        #expect(model.templateOrigin == .file && model.templateSource == "{{ messages[0].content }}!")
        let none = try TinyModel()
        defer { none.remove() }
        #expect(try TextModel(path: none.folder.path).templateOrigin == .fallback(.chatML))
    }

    @Test func aTemplateThatCannotBeRunIsNoReasonNotToTokenize() throws {
        let broken = try TinyModel(template: "{% for %}")
        defer { broken.remove() }
        let model = try TextModel(path: broken.folder.path)
        #expect(model.tokenizer.encode("ab", special: false) == [97, 98])
        #expect(throws: AssistantError.self) { try model.template() }
    }

    @Test func generationConfigAddsEndTokens() throws {
        let tiny = try TinyModel()
        defer { tiny.remove() }
        let path = tiny.folder.appending(path: "generation_config.json")
        #expect(try TextModel(path: tiny.folder.path).stopTokens.contains(TinyModel.endOfTurn))
        for (text, added) in [("[65, 66]", Set<Int32>([65, 66])), ("67", [67]), ("[-1, 99999999999, \"x\"]", [])] {
            try Data(#"{"eos_token_id": \#(text)}"#.utf8).write(to: path)
            let model = try TextModel(path: tiny.folder.path)
            #expect(model.stopTokens == model.tokenizer.endOfTurnIDs.union(added))
        }
    }

    @Test func factsNeedNoWeights() throws {
        let tiny = try TinyModel()
        defer { tiny.remove() }
        let facts = ModelFacts(try TextModel(path: tiny.folder.path).files)
        #expect(facts.architecture == "llama" && facts.obstacle == nil)
        #expect(facts.configuration?.layers == 2 && facts.configuration?.contextTokens == 256)
        #expect(facts.mix.map(\.type) == ["F32"] && facts.quantization == "F32")
        #expect(facts.mix.first?.bytes == facts.parameters * 4)
        // Two layers, two heads, keys and values of 16, two bytes each.
        #expect(facts.cacheBytesPerToken == 2 * 2 * (16 + 16) * 2)
        let small = try #require(facts.memoryBytes(contextTokens: 256))
        #expect(facts.memoryBytes(contextTokens: 512) == small + 256 * 256)
        #expect(facts.memoryBytes(contextTokens: .max) == nil)
    }
}
