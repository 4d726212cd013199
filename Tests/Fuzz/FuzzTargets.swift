import Assistant
import Dialogue
import Foundation
import Grammar
import JSON
import Kernels
import Server
import Templates
import Tokens
import Weights

/// What is fuzzed: everything that reads files, templates or requests of others.
enum FuzzTargets {
    static let names = [
        "gguf", "safetensors", "tokenizer", "template", "http", "adapter", "schema", "gbnf", "regex", "page",
        "raw",
    ]

    static func all() throws -> [FuzzTarget] {
        [
            gguf, safetensors, tokenizer, template, http, adapter, schema, gbnf, regex, CleaningSeeds.page,
            CleaningSeeds.raw,
        ]
    }

    private static let gguf = FuzzTarget(
        name: "gguf", seeds: GGUFSeeds.files,
        words: words(["GGUF", "general.alignment", "tokenizer.ggml.tokens", "split.count"])
    ) { bytes in
        guard let file = try? GGUFFile(bytes: ByteView(copying: bytes), name: "fuzz") else { return false }
        // What a reader of the file would touch.
        for tensor in file.tensors.prefix(8) where tensor.parameters < 1 << 16 {
            _ = try? dequantize(tensor.type, tensor.bytes, count: tensor.parameters)
        }
        for key in file.metadata.keys {
            _ = (file.metadata.strings(key), file.metadata.ints(key), file.metadata.floats(key))
        }
        _ = try? Tokenizer.gguf(file.metadata)
        return true
    }

    private static let safetensors = FuzzTarget(
        name: "safetensors", seeds: SafetensorsSeeds.files,
        words: words(["F32", "BF16", "data_offsets", "shape", "__metadata__"])
    ) { bytes in
        guard let tensors = try? SafetensorsFile(bytes: ByteView(copying: bytes), name: "fuzz").tensors else {
            return false
        }
        for tensor in tensors.prefix(8) where tensor.parameters < 1 << 16 {
            _ = try? dequantize(tensor.type, tensor.bytes, count: tensor.parameters)
        }
        return true
    }

    private static let tokenizer = FuzzTarget(
        name: "tokenizer", seeds: TokenizerSeeds.files,
        words: words(["\"BPE\"", "\"Unigram\"", "\"ByteLevel\"", "\\u0120", "-1"])
    ) { bytes in
        guard let tokenizer = try? Tokenizer.huggingFace(tokenizerJSON: bytes, tokenizerConfig: nil) else {
            return false
        }
        let ids = tokenizer.encode("ab aab <s> 你好 \u{1F600}\n", special: true, addBOS: true)
        _ = tokenizer.decode(ids, special: true)
        return true
    }

    private static let messages = [
        Message(role: .system, content: "系统"), Message(role: .user, content: "<|im_end|> hi"),
        Message(role: .assistant, content: "", toolCalls: [ToolCall(id: "1", name: "f", arguments: "{\"a\": [1, 2]}")]),
        Message(role: .tool, content: "42", toolCallID: "1"),
    ]
    private static let tool = Tool(name: "f", description: "d", parameters: ["type": "object"])

    private static let template = FuzzTarget(
        name: "template", seeds: TemplateSeeds.files,
        words: words([
            "{% for m in messages %}", "{% endfor %}", "{{ range(9999999) }}", "{% macro a() %}", "((((", "[::-1]",
            "|tojson",
        ])
    ) { bytes in
        // Small limits: what is looked for is traps and stalls, and every limit must hold.
        let limits = TemplateSeeds.limits
        guard
            let template = try? ChatTemplate(
                source: String(decoding: bytes, as: UTF8.self), bosToken: "<s>", eosToken: "</s>", limits: limits)
        else { return false }
        let prompt = try? template.render(messages: messages, tools: [tool], addGenerationPrompt: true)
        return prompt != nil
    }

    private static let http = FuzzTarget(
        name: "http", seeds: RequestSeeds.bodies,
        words: words(["\"role\"", "1e999", "-9223372036854775808", "\\ud800", "[[[["])
    ) { RequestSeeds.accepts($0) }

    private static let adapter = FuzzTarget(
        name: "adapter", seeds: AdapterSeeds.files,
        words: words([
            "lora_A", "lora_B", "lora_a", "layers.1.", "\"r\":", "1e999", "NaN", "adapter.lora.alpha", "rank_pattern",
        ])
    ) { AdapterSeeds.accepts($0) }

    private static let schema = FuzzTarget(
        name: "schema", seeds: GrammarSeeds.schemas,
        words: words(["\"$ref\":\"#\"", "\"allOf\":[", "1e308", "\"maxLength\":999999", "\"pattern\":\"", "{1000}"])
    ) { bytes in
        guard let schema = try? JSONValue(parsing: bytes),
            let grammar = try? Grammar(jsonSchema: schema, limits: GrammarSeeds.limits)
        else { return false }
        GrammarSeeds.walk(grammar)
        return true
    }

    private static let gbnf = FuzzTarget(
        name: "gbnf", seeds: GrammarSeeds.grammars, words: words(["::=", "{1,1000}", "((((", "[^", "root", "| "])
    ) { bytes in
        guard let grammar = try? Grammar(gbnf: String(decoding: bytes, as: UTF8.self), limits: GrammarSeeds.limits)
        else {
            return false
        }
        GrammarSeeds.walk(grammar)
        return true
    }

    private static let regex = FuzzTarget(
        name: "regex", seeds: GrammarSeeds.expressions, words: words(["{1,1000}", "((((", "[^", "|", "\\d", "(?:"])
    ) { bytes in
        guard let grammar = try? Grammar(regex: String(decoding: bytes, as: UTF8.self), limits: GrammarSeeds.limits)
        else {
            return false
        }
        GrammarSeeds.walk(grammar)
        return true
    }

    private static func words(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }
}
