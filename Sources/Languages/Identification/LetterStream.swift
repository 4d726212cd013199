/// Scalars of a text with their script and small letter.
struct LetterStream {
    struct Letter {
        /// Raw value of `Script`.
        var script: UInt8
        var folded: UInt16
    }

    let bytes: UnsafePointer<UInt8>
    let end: Int
    let scripts: UnsafePointer<UInt8>
    let folded: UnsafePointer<UInt16>

    /// The next scalar; `place` must be before the end.
    @inline(__always)
    func next(_ place: inout Int) -> Letter {
        let scalar = UTF8Scalar.next(bytes, &place, end: end)
        if scalar < 0x10000 { return Letter(script: scripts[Int(scalar)], folded: folded[Int(scalar)]) }
        // Rare ideographs: their low bits are as good a name as any.
        let isHan = (0x20000..<0x40000).contains(scalar)
        return Letter(
            script: (isHan ? Script.han : Script.none).rawValue, folded: UInt16(truncatingIfNeeded: scalar))
    }
}
