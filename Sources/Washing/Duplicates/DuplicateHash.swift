/// What texts are compared by when they must be the same.
package enum DuplicateHash {
    /// The same bytes.
    package static func exact(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 { Mixing.hash(text) }

    /// The same words: without case, width, white space and punctuation. Nil for texts without words.
    package static func words(_ text: UnsafeBufferPointer<UInt8>) -> UInt64? {
        let hash = ComparedUnits.hash(text)
        return hash == Mixing.basis ? nil : hash
    }

    /// The same line or paragraph: bytes without white space around them. Nil for empty ones.
    package static func line(_ text: UnsafeBufferPointer<UInt8>) -> UInt64? {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
        var range = 0..<text.count
        while let first = range.first, isSpace(text[first]) { range = range.dropFirst() }
        while let last = range.last, isSpace(text[last]) { range = range.dropLast() }
        return range.isEmpty ? nil : Mixing.hash(UnsafeBufferPointer(rebasing: text[range]))
    }
}
