extension Normalizer {
    /// How many times longer than before a text may become.
    static let growthMax = 1 << 14

    /// Refuses steps that could make a text many times longer: a file may not turn a request into gigabytes.
    func checkGrowth() throws(TokensError) {
        var growth = 1
        for step in steps {
            let (product, isTooLarge) = growth.multipliedReportingOverflow(by: Self.growth(of: step))
            growth = isTooLarge ? .max : product
            guard growth <= Self.growthMax else {
                throw .tooLarge(what: "growth of a text in the normalizer", limit: Self.growthMax, found: growth)
            }
        }
    }

    /// At most; for one byte that becomes many, or three that do in Unicode's forms.
    private static func growth(of step: Step) -> Int {
        switch step {
        case .unicode: 11
        case .lowercase: 3
        case .strip: 1
        case .prepend(let bytes): bytes.count + 1
        case .replace(let old, let new): max(1, (new.count + old.count - 1) / max(old.count, 1))
        case .replaceSpaces(let new): max(1, (new.count + 1) / 2)
        case .spaces: 2
        case .charsMap: PrecompiledCharsMap.replacementBytesMax
        }
    }
}
