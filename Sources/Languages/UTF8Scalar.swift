/// Decodes scalars of valid UTF-8 by hand: the loops of this target see every byte of a corpus.
package enum UTF8Scalar {
    /// The scalar that starts at `place`, and moves `place` behind it.
    ///
    /// Never reads past `end`: a sequence that is cut there is U+FFFD.
    @inline(__always)
    package static func next(_ bytes: UnsafePointer<UInt8>, _ place: inout Int, end: Int) -> UInt32 {
        let first = UInt32(bytes[place])
        if first < 0x80 {
            place += 1
            return first
        }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard place + length <= end else {
            place = end
            return 0xFFFD
        }
        defer { place += length }
        let second = UInt32(bytes[place + 1] & 0x3F)
        if length == 2 { return (first & 0x1F) << 6 | second }
        let third = UInt32(bytes[place + 2] & 0x3F)
        if length == 3 { return (first & 0x0F) << 12 | second << 6 | third }
        return (first & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[place + 3] & 0x3F)
    }

    /// The first place at or after `place` where a scalar starts.
    @inline(__always)
    package static func start(_ bytes: UnsafePointer<UInt8>, atOrAfter place: Int, end: Int) -> Int {
        var place = place
        while place < end, bytes[place] & 0xC0 == 0x80 { place += 1 }
        return place
    }
}
