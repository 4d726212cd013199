extension ModelConfiguration {
    /// Whether the parts fit each other; single sizes were checked when they were read.
    func check() throws(ModelError) {
        try require(heads % kvHeads == 0, "heads", "a multiple of the \(kvHeads) key-value heads", "\(heads)")
        for rotary in [rotary, windowRotary].compactMap(\.self) { try check(rotary) }
        try require(
            windows.count == layers, "attention windows", "one for each of \(layers) layers", "\(windows.count)")
        for window in windows.compactMap(\.self) {
            try require(window > 0, "attention window", "a positive number of tokens", "\(window)")
        }
        try require(normEpsilon >= 0 && normEpsilon < 1, "norm epsilon", "a number from 0 to 1", "\(normEpsilon)")
        try require(
            attentionScale.isFinite && attentionScale > 0, "attention scale", "a positive number", "\(attentionScale)")
        for (name, cap) in [("attention soft cap", attentionSoftCap), ("logit soft cap", logitSoftCap)] {
            try require(cap.map { $0.isFinite && $0 > 0 } ?? true, name, "a positive number", "\(cap ?? 0)")
        }
        if let experts {
            try require(
                experts.used <= experts.count, "experts of a token", "at most \(experts.count)", "\(experts.used)")
        }
    }

    private func check(_ rotary: RotaryConfiguration) throws(ModelError) {
        try require(
            rotary.dimensions > 0 && rotary.dimensions % 2 == 0 && rotary.dimensions <= keyDim, "rotary dimensions",
            "an even number up to \(keyDim)", "\(rotary.dimensions)")
        try require(rotary.base.isFinite && rotary.base > 1, "rotary base", "a number above 1", "\(rotary.base)")
        let numbers: [Double] =
            switch rotary.scaling {
            case .none: []
            case .linear(let factor): [factor]
            case .llama3(let factor, let low, let high, let tokens): [factor, low, high, high - low, tokens]
            case .yarn(let factor, let tokens, let fast, let slow, let magnitude):
                [factor, tokens, fast, slow, magnitude]
            }
        for number in numbers {
            try require(number.isFinite && number > 0, "rotary scaling", "positive numbers", "\(rotary.scaling)")
        }
    }

    private func require(
        _ condition: Bool, _ field: String, _ expected: String, _ actual: String
    ) throws(ModelError) {
        guard condition else { throw .invalidConfiguration(field: field, expected: expected, actual: actual) }
    }
}
