/// A set of tokens, one bit each: bit `token % 64` of word `token / 64`. Ids beyond the words are not in it.
public struct TokenMask: Sendable, Equatable {
    public private(set) var words: [UInt64]

    /// An empty set with room for this many tokens.
    public init(tokens count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    public init(words: [UInt64]) { self.words = words }

    public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    public func contains(_ token: Int32) -> Bool {
        let place = Int(token)
        return place >= 0 && place / 64 < words.count && words[place / 64] >> UInt64(place % 64) & 1 == 1
    }

    /// - Precondition: there is room for the token.
    public mutating func insert(_ token: Int32) { words[Int(token) / 64] |= 1 << UInt64(Int(token) % 64) }

    public mutating func formUnion(_ other: TokenMask) {
        for place in 0..<min(words.count, other.words.count) { words[place] |= other.words[place] }
    }
}
