/// Reads scalars and their classes out of bytes of which every sequence is whole (see `LenientUTF8`).
struct ScalarReader: Sendable {
    let classes = ScalarClasses.shared

    struct Unit {
        let scalar: UInt32
        let bits: ScalarClasses.Bits
        /// Place of the scalar after this one.
        let next: Int

        @inline(__always)
        func has(_ mask: ScalarClasses.Bits) -> Bool { bits & mask != 0 }
        @inline(__always)
        var isNewline: Bool { scalar == 0x0A || scalar == 0x0D }
        @inline(__always)
        var isSpace: Bool { bits & ScalarClasses.space != 0 }
    }

    @inline(__always)
    func unit(_ text: [UInt8], _ i: Int) -> Unit {
        let lead = UInt32(text[i])
        if lead < 0x80 { return Unit(scalar: lead, bits: classes.bits(lead), next: i + 1) }
        return wideUnit(text, i, lead)
    }

    private func wideUnit(_ text: [UInt8], _ i: Int, _ lead: UInt32) -> Unit {
        var scalar: UInt32
        var next: Int
        if lead < 0xE0 {
            scalar = (lead & 0x1F) << 6 | UInt32(text[i + 1] & 0x3F)
            next = i + 2
        } else if lead < 0xF0 {
            scalar = (lead & 0x0F) << 12 | UInt32(text[i + 1] & 0x3F) << 6 | UInt32(text[i + 2] & 0x3F)
            next = i + 3
        } else {
            scalar = (lead & 0x07) << 18 | UInt32(text[i + 1] & 0x3F) << 12
            scalar |= UInt32(text[i + 2] & 0x3F) << 6 | UInt32(text[i + 3] & 0x3F)
            next = i + 4
        }
        return Unit(scalar: scalar, bits: classes.bits(scalar), next: next)
    }

    /// End of the run of scalars with any of the classes that starts at `i`.
    @inline(__always)
    func endOfRun(_ text: [UInt8], _ i: Int, _ limit: Int, of mask: ScalarClasses.Bits) -> Int {
        var i = i
        while i < limit {
            let unit = unit(text, i)
            if !unit.has(mask) { return i }
            i = unit.next
        }
        return limit
    }

    /// End of the run of scalars with none of the classes that starts at `i`.
    @inline(__always)
    func endOfRun(_ text: [UInt8], _ i: Int, _ limit: Int, without mask: ScalarClasses.Bits) -> Int {
        var i = i
        while i < limit {
            let unit = unit(text, i)
            if unit.has(mask) { return i }
            i = unit.next
        }
        return limit
    }

    /// Where a piece of white space that starts at `i` ends:
    /// `\s*[\r\n]+` when asked for, else `\s+(?!\S)`, else `\s+`.
    @inline(__always)
    func endOfSpace(_ text: [UInt8], _ i: Int, _ limit: Int, splitsAtNewlines: Bool) -> Int {
        var end = i
        var last = i
        var newlineEnd = i
        while end < limit {
            let unit = unit(text, end)
            if !unit.isSpace { break }
            last = end
            end = unit.next
            if unit.isNewline { newlineEnd = end }
        }
        if splitsAtNewlines && newlineEnd > i { return newlineEnd }
        return end == limit || last == i ? end : last
    }
}
