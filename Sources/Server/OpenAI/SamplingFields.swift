import Assistant
import Inference
import JSON

extension RequestFields {
    /// The sampling settings that chat, completions and responses share: OpenAI's names and, where OpenAI has none,
    /// those of llama.cpp and vLLM.
    func sampling(_ limits: ServerLimits) throws -> SamplingParameters {
        var sampling = SamplingParameters()
        sampling.temperature = Float(try double("temperature", in: 0...2) ?? 1)
        sampling.topP = Float(try double("top_p", in: 0...1) ?? 1)
        sampling.topK = try int("top_k", in: -1...1_000_000).map { max(0, $0) } ?? 0
        sampling.minP = Float(try double("min_p", in: 0...1) ?? 0)
        sampling.typicalP = Float(try double("typical_p", in: 0...1) ?? 1)
        sampling.repetitionPenalty = Float(
            try double("repetition_penalty", in: 0.01...100) ?? double("repeat_penalty", in: 0.01...100) ?? 1)
        sampling.presencePenalty = Float(try double("presence_penalty", in: -2...2) ?? 0)
        sampling.frequencyPenalty = Float(try double("frequency_penalty", in: -2...2) ?? 0)
        sampling.seed = try int("seed", in: Int.min...Int.max).map { UInt64(bitPattern: Int64($0)) }
        sampling.logitBias = try logitBias(limits)
        if let window = try int("repeat_last_n", in: -1...Int(Int32.max)), window >= 0 {
            sampling.penaltyTokensMax = window
        }
        try readDry(into: &sampling.dry)
        return sampling
    }

    private func readDry(into dry: inout DrySettings) throws {
        dry.multiplier = Float(try double("dry_multiplier", in: 0...100) ?? 0)
        dry.base = Float(try double("dry_base", in: 1...100) ?? Double(dry.base))
        dry.allowedTokens = try int("dry_allowed_length", in: 1...1_000_000) ?? dry.allowedTokens
        if let window = try int("dry_penalty_last_n", in: -1...Int(Int32.max)), window >= 0 {
            dry.windowTokensMax = min(window, dry.windowTokensMax)
        }
    }

    /// Strings that end a repetition, for DRY.
    func dryBreakers(_ limits: ServerLimits) throws -> [String] {
        guard value("dry_sequence_breakers") != nil else { return ["\n", ":", "\"", "*"] }
        let breakers = try strings("dry_sequence_breakers", countMax: limits.dryBreakersMax)
        if let long = breakers.first(where: { $0.utf8.count > limits.stopBytesMax }) {
            throw APIError.invalid(
                name("dry_sequence_breakers"), "\(long.utf8.count) bytes, the limit is \(limits.stopBytesMax).")
        }
        return breakers
    }

    private func logitBias(_ limits: ServerLimits) throws -> [Int32: Float] {
        guard let bias = try fields("logit_bias") else { return [:] }
        guard bias.object.count <= limits.logitBiasesMax else {
            throw APIError.invalid(name("logit_bias"), "more than \(limits.logitBiasesMax) entries.")
        }
        var table: [Int32: Float] = [:]
        for (key, _) in bias.object {
            guard let token = Int32(key), token >= 0 else {
                throw APIError.invalid(bias.name(key), "the key must be a token id.")
            }
            table[token] = Float(try bias.double(key, in: -100...100) ?? 0)
        }
        return table
    }

    /// As vLLM has it: lower goes first, here among the requests of one key.
    func priority() throws -> Int {
        let most = GenerationRequest.priorities
        return try int("priority", in: most.lowerBound...most.upperBound) ?? 0
    }

    /// Stop strings, none of them too long to be held back.
    func stops(_ limits: ServerLimits) throws -> [String] {
        let stops = try strings("stop", countMax: limits.stopsMax)
        if let long = stops.first(where: { $0.utf8.count > limits.stopBytesMax }) {
            throw APIError.invalid("stop", "\(long.utf8.count) bytes, the limit is \(limits.stopBytesMax).")
        }
        return stops
    }
}

extension SamplingParameters {
    /// The engine knows tokens only: a breaker is the last token of its string.
    mutating func setDryBreakers(_ breakers: [String], _ assistant: Assistant) {
        guard dry.multiplier > 0 else { return }
        dry.breakers = Set(breakers.compactMap { assistant.encode($0).last })
    }
}
