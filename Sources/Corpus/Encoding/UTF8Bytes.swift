/// Checks and mends UTF-8 by hand: text flows as bytes, and a `String` for each line would cost more than the line.
package enum UTF8Bytes {
    /// U+FFFD, which stands for bytes that are no character.
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Length of the scalar at `index`, 1 to 4; 0 where there is none that is sound and whole.
    @inline(__always)
    package static func scalarLength(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let lead = bytes[index]
        if lead < 0x80 { return 1 }
        let left = bytes.count - index
        if lead < 0xE0 { return lead >= 0xC2 && left > 1 && isNext(bytes[index + 1]) ? 2 : 0 }
        if lead < 0xF0 {
            guard left > 2, isNext(bytes[index + 1]), isNext(bytes[index + 2]) else { return 0 }
            // Neither longer than need be nor half of a surrogate pair.
            let second = bytes[index + 1]
            return lead == 0xE0 && second < 0xA0 || lead == 0xED && second >= 0xA0 ? 0 : 3
        }
        guard lead <= 0xF4, left > 3, isNext(bytes[index + 1]), isNext(bytes[index + 2]), isNext(bytes[index + 3])
        else { return 0 }
        let second = bytes[index + 1]
        return lead == 0xF0 && second < 0x90 || lead == 0xF4 && second >= 0x90 ? 0 : 4
    }

    /// The scalar at `index` of sound text, and its length.
    @inline(__always)
    package static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> (value: UInt32, length: Int) {
        let lead = UInt32(bytes[index])
        if lead < 0x80 { return (lead, 1) }
        let second = UInt32(bytes[index + 1]) & 0x3F
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | second, 2) }
        let third = UInt32(bytes[index + 2]) & 0x3F
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | second << 6 | third, 3) }
        return ((lead & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[index + 3]) & 0x3F, 4)
    }

    @inline(__always)
    private static func isNext(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// The first index from `start` on that is not ASCII.
    @inline(__always)
    static func endOfASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return 0 }
        while index + 8 <= bytes.count,
            base.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        while index < bytes.count, bytes[index] < 0x80 { index += 1 }
        return index
    }

    /// The first index that no sound scalar begins at; nil where all are sound.
    package static func firstFault(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = 0
        while true {
            index = endOfASCII(bytes, from: index)
            // Scripts beyond ASCII come in runs.
            while index < bytes.count, bytes[index] >= 0x80 {
                let length = scalarLength(bytes, index)
                if length == 0 { return index }
                index += length
            }
            if index >= bytes.count { return nil }
        }
    }

    /// Scalars of several bytes and broken places. A scalar that the end cuts is neither.
    static func tally(_ bytes: UnsafeBufferPointer<UInt8>) -> (multibyte: Int, broken: Int) {
        var (index, multibyte, broken) = (0, 0, 0)
        while true {
            index = endOfASCII(bytes, from: index)
            guard index < bytes.count else { return (multibyte, broken) }
            let length = scalarLength(bytes, index)
            if length > 0 {
                multibyte += 1
                index += length
            } else {
                if bytes.count - index < 4, isCutScalar(bytes, index) { return (multibyte, broken) }
                broken += 1
                index += 1
            }
        }
    }

    /// Whether what is left from `index` on begins a scalar that a later piece may finish.
    static func isCutScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let lead = bytes[index]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead <= 0xF4, bytes.count - index < length else { return false }
        return bytes[(index + 1)...].allSatisfy(isNext)
    }

    /// The bytes with U+FFFD for each broken one, and how many those are.
    static func mended(_ bytes: UnsafeBufferPointer<UInt8>) -> (text: [UInt8], broken: Int) {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        var (index, broken) = (0, 0)
        while index < bytes.count {
            let length = scalarLength(bytes, index)
            if length > 0 {
                result += bytes[index..<(index + length)]
                index += length
            } else {
                result += replacement
                broken += 1
                index += 1
            }
        }
        return (result, broken)
    }
}
