#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The penalty on repeated passages; `DrySettings` has the formula.
package struct Dry: Sendable {
    private let settings: DrySettings
    private var tokens: [Int32]

    package init(_ settings: DrySettings, prompt: [Int32]) {
        self.settings = settings
        tokens = settings.multiplier > 0 ? prompt : []
    }

    package mutating func accept(_ token: Int32) {
        if settings.multiplier > 0 { tokens.append(token) }
    }

    /// A penalty beyond this changes nothing any more.
    private static let penaltyMax: Float = 1e6

    package func apply(to logits: UnsafeMutableBufferPointer<Float>) {
        guard settings.multiplier > 0 else { return }
        for (token, length) in repetitions() where length >= settings.allowedTokens {
            let penalty = settings.multiplier * powf(settings.base, Float(length - settings.allowedTokens))
            logits[Int(token)] -= min(Self.penaltyMax, penalty)
        }
    }

    /// For every token that would continue one: the length of the longest passage before it that the text now ends
    /// with too. Linear in the window: with the tokens reversed, these are common prefixes with later positions.
    package func repetitions() -> [Int32: Int] {
        let reversed = Array(tokens.suffix(settings.windowTokensMax).reversed())
        // A passage reaches back to the last breaker at most, so breakers elsewhere end it by themselves.
        let reach = reversed.firstIndex(where: settings.breakers.contains) ?? reversed.count
        guard reach > 0 else { return [:] }
        var longest: [Int32: Int] = [:]
        for (place, length) in Self.commonPrefixes(reversed).enumerated().dropFirst() where length > 0 {
            let next = reversed[place - 1]
            longest[next] = max(longest[next] ?? 0, min(length, reach))
        }
        return longest
    }

    /// z[i]: how many tokens from i on equal those from the start (the Z function); z[0] is 0.
    private static func commonPrefixes(_ tokens: [Int32]) -> [Int] {
        var z = Array(repeating: 0, count: tokens.count)
        var (left, right) = (0, 0)
        for place in tokens.indices.dropFirst() {
            var length = place < right ? min(right - place, z[place - left]) : 0
            while place + length < tokens.count, tokens[length] == tokens[place + length] { length += 1 }
            z[place] = length
            if place + length > right { (left, right) = (place, place + length) }
        }
        return z
    }
}
