/// A text of symbols as its suffixes are compared: by bytes, to the first symbol whose bits are all set.
struct SuffixText {
    let bytes: UnsafeRawBufferPointer
    let symbolBytes: Int

    /// The first eight bytes from `offset` on, zeros after the end of the text and of the file; the first is the
    /// highest.
    @inline(__always)
    func key(_ offset: Int) -> UInt64 {
        var key: UInt64 = 0
        if offset <= bytes.count - 8 {
            key = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        } else {
            for place in offset..<offset + 8 { key = key << 8 | (place < bytes.count ? UInt64(bytes[place]) : 0) }
        }
        let ends = ends(key)
        return ends == 0 ? key : key & ~(UInt64.max >> UInt64(ends.leadingZeroBitCount + 1))
    }

    /// Nonzero when a symbol of a key has all bits set; its highest bit is then the lowest of the first such symbol.
    @inline(__always)
    func ends(_ key: UInt64) -> UInt64 {
        // A lane of the complement is zero where all bits are set: then, and only then, its highest bit stays.
        let (low, high): (UInt64, UInt64) =
            switch symbolBytes {
            case 1: (0x7f7f_7f7f_7f7f_7f7f, 0x8080_8080_8080_8080)
            case 2: (0x7fff_7fff_7fff_7fff, 0x8000_8000_8000_8000)
            default: (0x7fff_ffff_7fff_ffff, 0x8000_0000_8000_0000)
            }
        let rest = ~key
        let isZero = ~(((rest & low) &+ low) | rest) & high
        return isZero >> UInt64(8 * symbolBytes - 1)
    }
}
