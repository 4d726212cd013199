/// Keys whose types are known: that a file gives them another is found when it is opened, not when they are used.
enum GGUFKnownKeys {
    static let architecture = "general.architecture"
    static let alignment = "general.alignment"
    static let splitNumber = "split.no"
    static let splitCount = "split.count"
    static let splitTensors = "split.tensors.count"

    private enum Expected: String {
        case integer = "an integer"
        case string = "a string"
        case bool = "a bool"
        case strings = "an array of strings"
        case floats = "an array of floats"
        case integers = "an array of integers"

        func accepts(_ value: MetadataValue) -> Bool {
            switch self {
            case .integer: value.kind.isInteger
            case .string: value.kind == .string
            case .bool: value.kind == .bool
            case .strings: value.array?.kind == .string
            case .floats: value.array?.kind.isFloat == true
            case .integers: value.array?.kind.isInteger == true
            }
        }
    }

    private static let known: [(key: String, expected: Expected)] = [
        (architecture, .string), (alignment, .integer), ("general.name", .string), ("general.license", .string),
        ("general.file_type", .integer), ("general.quantization_version", .integer),
        (splitNumber, .integer), (splitCount, .integer), (splitTensors, .integer),
        ("tokenizer.ggml.model", .string), ("tokenizer.ggml.pre", .string), ("tokenizer.ggml.tokens", .strings),
        ("tokenizer.ggml.merges", .strings), ("tokenizer.ggml.scores", .floats),
        ("tokenizer.ggml.token_type", .integers), ("tokenizer.ggml.bos_token_id", .integer),
        ("tokenizer.ggml.eos_token_id", .integer), ("tokenizer.ggml.eot_token_id", .integer),
        ("tokenizer.ggml.unknown_token_id", .integer), ("tokenizer.ggml.padding_token_id", .integer),
        ("tokenizer.ggml.add_bos_token", .bool), ("tokenizer.ggml.add_eos_token", .bool),
        ("tokenizer.ggml.add_space_prefix", .bool), ("tokenizer.chat_template", .string),
    ]

    static func check(_ metadata: Metadata, _ context: FileContext) throws(WeightsError) {
        for (key, expected) in known {
            guard let value = metadata[key], !expected.accepts(value) else { continue }
            let actual = value.array.map { "an array of \($0.kind)" } ?? "\(value.kind)"
            throw context.malformed("key \(shown(key))", expected: expected.rawValue, actual: actual)
        }
    }
}
