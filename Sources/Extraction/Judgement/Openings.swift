/// A set of first words, found by the first byte.
struct Openings {
    private var byFirst: [[[UInt8]]] = Array(repeating: [], count: 256)

    init(_ words: [String]) {
        for word in words.map({ Array($0.utf8) }) { byFirst[Int(word[0])].append(word) }
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    /// Whether a text begins with one of them, brackets and the like before it aside, and a word ends there.
    func begin(_ text: ArraySlice<UInt8>) -> Bool {
        let start = text.firstIndex { $0 >= 0x80 || PageSieve.isLetter($0) } ?? text.endIndex
        guard start < text.endIndex, start - text.startIndex <= 2 else { return false }
        let words = text[start...]
        return starts(words) || words.starts(with: Self.lenticularBracket) && starts(words.dropFirst(3))
    }

    private func starts(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        return byFirst[Int(Self.lower(first))].contains { word in
            guard text.count >= word.count,
                zip(text, word).allSatisfy({ Self.lower($0) == $1 })
            else { return false }
            guard let next = text.dropFirst(word.count).first, let last = word.last else { return true }
            return !PageSieve.isLetter(next) || !PageSieve.isLetter(last)
        }
    }

    /// `【`, as in `【相关阅读】`.
    private static let lenticularBracket: [UInt8] = [0xE3, 0x80, 0x90]
}
