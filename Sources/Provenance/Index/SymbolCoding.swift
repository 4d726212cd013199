import JSON
import Sorting
import Tokens

/// What an index is made of: a model's tokens, or plain bytes.
///
/// Tokens make small indexes and count as the model counts; bytes need no tokenizer and find what tokens divide
/// elsewhere. A symbol that no text has ends each document.
package struct SymbolCoding: Sendable {
    package let tokenizer: Tokenizer?
    /// 1, 2 or 4.
    package let symbolBytes: Int

    /// - Parameter tokenizer: nil for bytes.
    package init(tokenizer: Tokenizer?) {
        self.tokenizer = tokenizer
        symbolBytes = tokenizer.map { $0.vocabularySize < 0xffff ? 2 : 4 } ?? 1
    }

    /// All bits set: no token, and no byte of UTF-8.
    var separator: [UInt8] { Array(repeating: 0xff, count: symbolBytes) }

    /// The symbols of a text as they lie in the index, little-endian.
    package func encode(_ text: String) -> [UInt8] {
        guard let tokenizer else { return Array(text.utf8) }
        let tokens = tokenizer.encode(text, special: false)
        return [UInt8](unsafeUninitializedCapacity: tokens.count * symbolBytes) { buffer, used in
            for (index, token) in tokens.enumerated() {
                for byte in 0..<symbolBytes {
                    buffer[index * symbolBytes + byte] = UInt8(truncatingIfNeeded: token >> Int32(8 * byte))
                }
            }
            used = tokens.count * symbolBytes
        }
    }

    /// The text of symbols; what is cut out of a character is U+FFFD.
    package func decode(_ symbols: [UInt8]) -> String { String(decoding: bytes(symbols), as: UTF8.self) }

    /// The bytes that symbols stand for; of unknown ones none.
    func bytes(_ symbols: [UInt8]) -> [UInt8] {
        guard let tokenizer else { return symbols }
        var tokens: [Int32] = []
        tokens.reserveCapacity(symbols.count / symbolBytes)
        for start in stride(from: 0, to: symbols.count - symbolBytes + 1, by: symbolBytes) {
            let value = symbols[start..<start + symbolBytes].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if value < UInt32(tokenizer.vocabularySize) { tokens.append(Int32(value)) }
        }
        return tokenizer.bytes(of: tokens)
    }
}
