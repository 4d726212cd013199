import JSON
import Testing
import Weights

@Suite struct HuggingFaceFolderTests {
    private func folder(_ files: [String: String] = [:]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("config.json", #"{"model_type": "qwen2", "num_hidden_layers": 2}"#)
        try folder.write("model.safetensors", SafetensorsBuilder.small.bytes())
        for (name, text) in files { try folder.write(name, text) }
        return folder
    }

    private func failure(_ folder: TemporaryFolder, limits: WeightsLimits = WeightsLimits()) -> WeightsError? {
        WeightsTests.failure { () throws(WeightsError) in try HuggingFaceFolder(path: folder.path, limits: limits) }
    }

    @Test func opens() throws {
        let temporary = try folder([
            "generation_config.json": #"{"eos_token_id": [1, 2]}"#, "tokenizer_config.json": #"{"bos_token": "<s>"}"#,
            "tokenizer.json": "{}",
        ])
        let folder = try HuggingFaceFolder(path: temporary.path)
        #expect(folder.config["num_hidden_layers"]?.int == 2)
        #expect(folder.generationConfig?["eos_token_id"]?[1]?.int == 2)
        #expect(folder.tokenizerConfig?["bos_token"]?.string == "<s>")
        #expect(try folder.tokenizerJSON() == Array("{}".utf8))
        #expect(folder.chatTemplate == nil)
        #expect(folder.tensors.map(\.name) == ["a", "b"])
        #expect(folder.tensor("b")?.shape == [2, 2])
        #expect(folder.paths == ["\(temporary.path)/model.safetensors"])
        #expect(folder.byteCount == SafetensorsBuilder.small.bytes().count)
    }

    @Test func whatIsMissingIsSaid() throws {
        let whole = try folder()
        let opened = try HuggingFaceFolder(path: whole.path)
        #expect(opened.generationConfig == nil && opened.tokenizerConfig == nil)
        let tokenizer = WeightsTests.failure { () throws(WeightsError) in try opened.tokenizerJSON() }
        #expect(tokenizer?.isMissing == true && tokenizer?.description.contains("tokenizer.json") == true)

        let empty = try TemporaryFolder()
        #expect(failure(empty)?.isMissing == true)
        try empty.write("config.json", "{}")
        #expect(failure(empty)?.isMissing == true)
        try empty.write("pytorch_model.bin", "x")
        #expect(failure(empty)?.isUnsupported == true)
    }

    @Test(arguments: ["", "[]", "{", "{\"a\": \u{1}}", "null"]) func configThatIsNone(text: String) throws {
        #expect(failure(try folder(["config.json": text]))?.isMalformed == true)
        #expect(failure(try folder(["tokenizer_config.json": text]))?.isMalformed == true)
    }

    @Test func filesOverTheLimit() throws {
        let temporary = try folder(["tokenizer.json": "{}"])
        var limits = WeightsLimits()
        limits.configurationBytesMax = 10
        #expect(failure(temporary, limits: limits)?.isOverLimit == true)
        limits = WeightsLimits()
        limits.tokenizerBytesMax = 1
        let opened = try HuggingFaceFolder(path: temporary.path, limits: limits)
        #expect(WeightsTests.failure { () throws(WeightsError) in try opened.tokenizerJSON() }?.isOverLimit == true)
    }

    @Test func chatTemplatesInTheirOrder() throws {
        let config = #"{"chat_template": "from the tokenizer"}"#
        func template(_ files: [String: String]) throws -> String? {
            let temporary = try folder(files)
            return try HuggingFaceFolder(path: temporary.path).chatTemplate
        }
        #expect(try template(["tokenizer_config.json": config]) == "from the tokenizer")
        #expect(
            try template(["tokenizer_config.json": config, "chat_template.json": #"{"chat_template": "own"}"#]) == "own"
        )
        #expect(
            try template([
                "tokenizer_config.json": config, "chat_template.json": #"{"chat_template": "own"}"#,
                "chat_template.jinja": "plain\n",
            ]) == "plain\n")
        #expect(try template(["tokenizer_config.json": #"{"chat_template": null}"#]) == nil)
        let list = #"{"chat_template": [{"name": "rag", "template": "r"}, {"name": "default", "template": "d"}]}"#
        #expect(try template(["tokenizer_config.json": list]) == "d")
    }

    @Test func chatTemplatesThatAreNone() throws {
        for value in ["1", "{}", "true"] {
            let error = failure(try folder(["tokenizer_config.json": #"{"chat_template": \#(value)}"#]))
            #expect(error?.isMalformed == true)
        }
        let other = #"{"chat_template": [{"name": "rag", "template": "r"}, 7]}"#
        #expect(failure(try folder(["tokenizer_config.json": other]))?.isMissing == true)
        let many = "[" + [String](repeating: "1", count: 65).joined(separator: ",") + "]"
        #expect(failure(try folder(["tokenizer_config.json": #"{"chat_template": \#(many)}"#]))?.isOverLimit == true)
    }
}
