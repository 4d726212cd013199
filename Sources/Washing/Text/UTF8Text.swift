/// Scalars of UTF-8 bytes, read and written by hand: washing looks at every one of them.
enum UTF8Text {
    /// The scalar at a place, which moves behind it. A byte that begins none is U+FFFD.
    ///
    /// - Precondition: `place < count`.
    @inline(__always)
    static func next(_ bytes: UnsafePointer<UInt8>, _ place: inout Int, _ count: Int) -> UInt32 {
        let first = bytes[place]
        if first < 0x80 {
            place += 1
            return UInt32(first)
        }
        return nextLong(bytes, &place, count, first)
    }

    @inline(__always)
    private static func nextLong(
        _ bytes: UnsafePointer<UInt8>, _ place: inout Int, _ count: Int, _ first: UInt8
    ) -> UInt32 {
        let left = count - place
        if first >= 0xE0, first < 0xF0, left >= 3 {
            let scalar =
                UInt32(first & 0x0F) << 12 | UInt32(bytes[place + 1] & 0x3F) << 6 | UInt32(bytes[place + 2] & 0x3F)
            place += 3
            return scalar
        }
        if first >= 0xC2, first < 0xE0, left >= 2 {
            let scalar = UInt32(first & 0x1F) << 6 | UInt32(bytes[place + 1] & 0x3F)
            place += 2
            return scalar
        }
        if first >= 0xF0, first < 0xF5, left >= 4 {
            let high = UInt32(first & 0x07) << 18 | UInt32(bytes[place + 1] & 0x3F) << 12
            let scalar = high | UInt32(bytes[place + 2] & 0x3F) << 6 | UInt32(bytes[place + 3] & 0x3F)
            place += 4
            return scalar
        }
        place += 1
        return 0xFFFD
    }

    /// - Precondition: a scalar, no surrogate.
    @inline(__always)
    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        switch scalar {
        case ..<0x80: bytes.append(UInt8(truncatingIfNeeded: scalar))
        case ..<0x800:
            bytes.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
            bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
        case ..<0x10000:
            bytes.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
            bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
            bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
        default:
            bytes.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
            bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F))
            bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
            bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
        }
    }

    /// The first bytes of a text that are whole scalars and at most so many.
    static func prefix(_ text: some RandomAccessCollection<UInt8>, bytesMax: Int) -> String {
        guard text.count > bytesMax else { return String(decoding: text, as: UTF8.self) }
        var part = text.prefix(bytesMax)
        // A scalar that is cut: its continuations, then its first byte.
        while let last = part.last, last & 0xC0 == 0x80 { part = part.dropLast() }
        if let last = part.last, last >= 0xC0 { part = part.dropLast() }
        return String(decoding: part, as: UTF8.self)
    }

    /// Calls with each line without its end; a last line end opens no line.
    static func forEachLine(_ text: [UInt8], _ body: (Range<Int>) -> Void) {
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.count
            body(start..<end)
            start = end + 1
        }
    }
}
