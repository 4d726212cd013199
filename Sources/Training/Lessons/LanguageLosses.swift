import Corpus

/// Losses by language, as validations show them.
struct LanguageLosses {
    private var nats: [TextLanguage: Double] = [:]
    private var targets: [TextLanguage: Int] = [:]

    mutating func add(_ losses: ArraySlice<Float>, _ targets: ArraySlice<Int32>, _ language: TextLanguage) {
        nats[language, default: 0] += losses.reduce(0) { $0 + Double($1) }
        self.targets[language, default: 0] += targets.count { $0 >= 0 }
    }

    /// - Parameter bytes: that the targets stand for.
    func validation(step: Int, bytes: [TextLanguage: Int]) -> RunEvent.Validation {
        var validation = RunEvent.Validation(step: step, bitsPerByte: [:], loss: [:], seconds: 0)
        func add(_ name: String, _ nats: Double, _ targets: Int, _ bytes: Int) {
            guard targets > 0, bytes > 0 else { return }
            validation.loss[name] = nats / Double(targets)
            validation.bitsPerByte[name] = nats / Double(bytes) / 0.693_147_180_559_945_3
        }
        for language in TextLanguage.allCases {
            add(language.code, nats[language] ?? 0, targets[language] ?? 0, bytes[language] ?? 0)
        }
        // In one fixed order: sums of floats depend on it.
        let all = TextLanguage.allCases.reduce(0) { $0 + (nats[$1] ?? 0) }
        add("all", all, targets.values.reduce(0, +), bytes.values.reduce(0, +))
        return validation
    }
}
