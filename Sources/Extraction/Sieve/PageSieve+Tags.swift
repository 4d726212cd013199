import Foundation

/// The grammar of tags.
extension PageSieve {
    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= 0x61 && lower <= 0x7A
    }

    /// Where a byte is next.
    @inline(__always)
    func find(_ byte: UInt8, from start: Int, to end: Int? = nil) -> Int? {
        let end = end ?? bytes.count
        guard start < end, let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), end - start)
        else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// The first eight bytes of a name in lower case, and where the name ends.
    func name(at start: Int) -> (key: UInt64, end: Int) {
        var key: UInt64 = 0
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            guard byte > 0x20, byte != UInt8(ascii: "/"), byte != UInt8(ascii: ">") else { break }
            if index - start < 8 {
                key = key << 8 | UInt64(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
            }
            index += 1
        }
        return (key, index)
    }

    /// Reads up to and with the `>` that ends a tag; one within quotation marks does not.
    func readAttributes(from start: Int, into attributes: inout TagAttributes) -> Int {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: ">") { return index + 1 }
            if byte <= 0x20 || byte == UInt8(ascii: "/") {
                attributes.isClosed = byte == UInt8(ascii: "/")
                index += 1
                continue
            }
            attributes.isClosed = false
            let keyStart = index
            while index < bytes.count, !Self.endsKey(bytes[index]) { index += 1 }
            let key = keyStart..<max(index, keyStart + 1)
            index = max(index, keyStart + 1)
            while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
                attributes.set(bytes, key, 0..<0)
                continue
            }
            index += 1
            while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
            let value = readValue(&index)
            attributes.set(bytes, key, value)
        }
        return bytes.count
    }

    private static func endsKey(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
    }

    private func readValue(_ index: inout Int) -> Range<Int> {
        guard index < bytes.count else { return 0..<0 }
        let quote = bytes[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = index + 1
            let end = find(quote, from: start) ?? bytes.count
            index = min(end + 1, bytes.count)
            return start..<max(start, end)
        }
        let start = index
        while index < bytes.count, bytes[index] > 0x20, bytes[index] != UInt8(ascii: ">") { index += 1 }
        return start..<index
    }
}
