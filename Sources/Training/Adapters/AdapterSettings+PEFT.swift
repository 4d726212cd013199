import JSON

extension AdapterSettings {
    /// adapter_config.json, as PEFT has it.
    ///
    /// - Parameters:
    ///   - base: the name or path of the model beneath.
    ///   - hasScore: a score is trained beside the adapter, in place of the head.
    func peft(base: String, hasScore: Bool = false) -> JSONObject {
        let alpha: JSONValue = alpha == alpha.rounded() ? .int(Int(alpha)) : .double(alpha)
        return [
            "peft_type": "LORA", "task_type": hasScore ? "SEQ_CLS" : "CAUSAL_LM",
            "base_model_name_or_path": .string(base),
            "r": .int(rank), "lora_alpha": alpha, "lora_dropout": .double(dropout),
            "target_modules": .array(targets.map { .string($0.rawValue) }), "bias": "none",
            "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true, "use_rslora": false,
            "use_dora": false, "modules_to_save": hasScore ? ["score"] : .null, "rank_pattern": [:],
            "alpha_pattern": [:],
        ]
    }
}
