import JSON
import Weights

/// What adapter_config.json says: how A and B are weighted, and that nothing else is changed.
struct PEFTConfiguration {
    private let rank: Int
    private let alpha: Double
    private let ranks: [(pattern: ModulePattern, value: Int)]
    private let alphas: [(pattern: ModulePattern, value: Double)]
    /// alpha / √rank instead of alpha / rank.
    private let isRankStabilised: Bool

    private static let alphaMax = 1e6

    /// - Throws: `ModelError.unsupported` for a kind of adapter that changes more than A and B can say;
    ///   `.invalidConfiguration` for what is missing or absurd.
    init(_ config: JSONValue) throws(ModelError) {
        let fields = FieldReader(path: "") { config[$0].flatMap(FieldValue.init) }
        let kind = try fields.text("peft_type") ?? ""
        guard kind == "LORA" else { throw fields.unsupported("peft_type", "LORA", shown(kind)) }
        try Self.refuseOthers(fields, config)
        rank = try fields.size("r", max: ModelLimits.adapterRankMax, default: 8)
        alpha = try Self.alpha(config["lora_alpha"] ?? .int(8), "lora_alpha")
        isRankStabilised = try fields.flag("use_rslora", default: false)
        ranks = try Self.patterns("rank_pattern", config) { value throws(ModelError) in
            guard let rank = value.int, (1...ModelLimits.adapterRankMax).contains(rank) else {
                throw fields.invalid(
                    "rank_pattern", "integers from 1 to \(ModelLimits.adapterRankMax)",
                    FieldValue(value) ?? .other("null"))
            }
            return rank
        }
        alphas = try Self.patterns("alpha_pattern", config) { value throws(ModelError) in
            try Self.alpha(value, "alpha_pattern")
        }
    }

    func rank(of module: String) -> Int { ranks.first { $0.pattern.matches(module) }?.value ?? rank }

    func factor(of module: String) -> Double {
        let alpha = alphas.first { $0.pattern.matches(module) }?.value ?? alpha
        let rank = Double(rank(of: module))
        return alpha / (isRankStabilised ? rank.squareRoot() : rank)
    }

    /// What would make other answers than A and B give.
    private static func refuseOthers(_ fields: FieldReader, _ config: JSONValue) throws(ModelError) {
        for name in ["fan_in_fan_out", "use_dora", "lora_bias", "use_qalora"]
        where try fields.flag(name, default: false) {
            throw fields.unsupported(name, "false", "true")
        }
        let bias = try fields.text("bias") ?? "none"
        guard bias == "none" else { throw fields.unsupported("bias", "none", shown(bias)) }
        let absent = [
            "modules_to_save", "layer_replication", "trainable_token_indices", "target_parameters",
            "alora_invocation_tokens", "arrow_config", "kasa_config", "monteclora_config", "use_bdlora",
        ]
        for name in absent {
            guard let value = config[name], !value.isNull, value.array?.isEmpty != true, value.object?.isEmpty != true
            else { continue }
            throw fields.unsupported(name, "none", shown(value.serialized()))
        }
        // These change the model's own weights too, unless the adapter was converted when it was saved.
        let start = config["init_lora_weights"]?.string?.lowercased() ?? ""
        if ["pissa", "olora", "corda", "loftq", "lora_ga"].contains(where: start.hasPrefix) {
            throw fields.unsupported("init_lora_weights", "adapters to the unchanged model", shown(start))
        }
    }

    private static func alpha(_ value: JSONValue, _ name: String) throws(ModelError) -> Double {
        guard let alpha = value.double, alpha >= 0, alpha <= alphaMax else {
            throw .invalidConfiguration(
                field: name, expected: "a number from 0 to \(Int(alphaMax))", actual: shown(value.serialized()))
        }
        return alpha
    }

    private static func patterns<Value>(
        _ name: String, _ config: JSONValue, _ read: (JSONValue) throws(ModelError) -> Value
    ) throws(ModelError) -> [(pattern: ModulePattern, value: Value)] {
        guard let value = config[name], !value.isNull else { return [] }
        guard let object = value.object, object.count <= ModelLimits.adapterPatternsMax else {
            throw .invalidConfiguration(
                field: name, expected: "an object of at most \(ModelLimits.adapterPatternsMax) patterns",
                actual: value.object.map { "\($0.count)" } ?? value.kind)
        }
        var result: [(pattern: ModulePattern, value: Value)] = []
        for (key, value) in object {
            guard let pattern = ModulePattern(key) else {
                throw .unsupported(field: name, expected: "names of modules, or their ends", actual: shown(key))
            }
            result.append((pattern, try read(value)))
        }
        return result
    }
}

/// A key of rank_pattern or alpha_pattern: PEFT matches them as regular expressions with a module's name or its end.
///
/// A file's regular expression could run for ever, so only those are read that are names: `q_proj`,
/// `layers.0.mlp.down_proj`, `^model\.layers\.0\.self_attn\.q_proj$`.
struct ModulePattern {
    private let name: String
    private let isWhole: Bool

    /// Nil for a pattern with more than names and dots.
    init?(_ key: String) {
        var rest = key[...]
        isWhole = rest.hasPrefix("^")
        if isWhole { rest = rest.dropFirst() }
        if rest.hasSuffix("$") { rest = rest.dropLast() }
        name = String(rest.replacing("\\.", with: "."))
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty else { return nil }
    }

    func matches(_ module: String) -> Bool { module == name || (!isWhole && module.hasSuffix(".\(name)")) }
}
