/// Turns tokens into text as they come, never giving out half a character.
///
///     var decoder = StreamingDecoder(tokenizer)
///     for id in ids { show(decoder.append(id)) }
///     show(decoder.finish())
///
/// All parts joined are what `Tokenizer.decode` gives for the same ids.
public struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let special: Bool
    private var mayStrip: Bool
    /// Bytes of a scalar that is not complete yet.
    private var pending: [UInt8] = []

    /// - Parameter special: whether control tokens are shown.
    public init(_ tokenizer: Tokenizer, special: Bool = false) {
        self.tokenizer = tokenizer
        self.special = special
        mayStrip = tokenizer.stripsLeadingSpace
    }

    /// Takes a token and returns the text that is now certain, often empty.
    public mutating func append(_ id: Int32) -> String {
        var bytes = tokenizer.bytes(of: id, special: special)
        if mayStrip, let first = bytes.first {
            if first == 0x20 { bytes.removeFirst() }
            mayStrip = false
        }
        pending += bytes
        let kept = Self.incompleteTail(of: pending)
        let text = String(decoding: pending.dropLast(kept), as: UTF8.self)
        pending.removeFirst(pending.count - kept)
        return text
    }

    /// Ends the text: what is left of a broken character comes out as U+FFFD.
    public mutating func finish() -> String {
        defer { pending.removeAll() }
        return String(decoding: pending, as: UTF8.self)
    }

    /// Number of bytes at the end that may be the start of a scalar whose rest has yet to come.
    private static func incompleteTail(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte < 0x80 { return 0 }
            if byte >= 0xC0 {
                let needed = byte < 0xC2 || byte > 0xF4 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                guard needed > length else { return 0 }
                return isPossible(bytes.suffix(length)) ? length : 0
            }
        }
        return 0
    }

    /// Whether the start of a scalar can still become one: its second byte is not one that UTF-8 forbids after its
    /// lead.
    private static func isPossible(_ start: ArraySlice<UInt8>) -> Bool {
        guard let lead = start.first, start.count > 1 else { return true }
        let second = start[start.startIndex + 1]
        return switch lead {
        case 0xE0: second >= 0xA0
        case 0xED: second < 0xA0
        case 0xF0: second >= 0x90
        case 0xF4: second < 0x90
        default: true
        }
    }
}
