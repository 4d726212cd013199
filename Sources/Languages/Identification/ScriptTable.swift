/// The script and the small letter of every scalar of the basic plane, looked up by value.
///
/// Scalars above it are ideographs (planes 2 and 3) or count as no letters: mathematical letters, emoji and the like
/// say nothing of a language.
struct ScriptTable: Sendable {
    /// 65,536 raw values of `Script`.
    let scripts: [UInt8]
    /// 65,536 folded scalars: small letters for capitals, ASCII for full width.
    let folded: [UInt16]

    static let shared = ScriptTable()

    init() {
        var scripts = [UInt8](repeating: Script.none.rawValue, count: 0x10000)
        for (range, script) in Script.ranges {
            for value in range { scripts[Int(value)] = script.rawValue }
        }
        var folded = (0..<0x10000).map { UInt16($0) }
        let cased: [ClosedRange<UInt32>] = [0x41...0x5A, 0xC0...0x24F, 0x370...0x587, 0x1E00...0x1FFF]
        for value in cased.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let lower = scalar.properties.lowercaseMapping.unicodeScalars
            if lower.count == 1, let first = lower.first, first.value < 0x10000 {
                folded[Int(value)] = UInt16(first.value)
            }
        }
        for value in 0xFF21...0xFF3A { folded[value] = UInt16(value - 0xFF21 + 0x61) }
        for value in 0xFF41...0xFF5A { folded[value] = UInt16(value - 0xFF41 + 0x61) }
        self.scripts = scripts
        self.folded = folded
    }
}
