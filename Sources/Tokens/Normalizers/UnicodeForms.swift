/// Unicode's normalisation forms, with the tables of Hugging Face's tokenizers.
///
/// Foundation's will not do: on Linux it composes U+20061 U+0308 as if the first were "a".
struct UnicodeForms: Sendable {
    static let shared = UnicodeForms()

    /// What a scalar becomes in one step: place in `texts` << 32 | length.
    private let canonical: PairTable
    /// What a scalar becomes by compatibility, in full; likewise.
    private let compatible: PairTable
    private let texts: [UInt32]
    /// Scalar composed of first << 32 | second.
    private let composites: PairTable

    private static let hangul: UInt32 = 0xAC00
    private static let hangulCount: UInt32 = 11172

    private init() {
        var canonical = PairTable(capacity: 4096)
        var composites = PairTable(capacity: 2048)
        var texts: [UInt32] = []
        var scalar: UInt32 = 0
        for record in CanonicalData.records.utf8.split(separator: UInt8(ascii: ";")) {
            let isPair = record.contains(UInt8(ascii: ":"))
            let parts = record.split { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: ",") }
            let numbers = parts.map(Self.hexadecimal)
            scalar += numbers[0]
            canonical.insert(UInt64(scalar), UInt64(texts.count) << 32 | UInt64(numbers.count - 1))
            texts += numbers.dropFirst()
            if isPair { composites.insert(UInt64(numbers[1]) << 32 | UInt64(numbers[2]), UInt64(scalar)) }
        }
        var compatible = PairTable(capacity: 4096)
        scalar = 0
        for record in CompatibilityData.records.utf8.split(separator: UInt8(ascii: ";")) {
            let halves = record.split(separator: UInt8(ascii: ":"))
            let head = halves[0].split(separator: UInt8(ascii: "*")).map(Self.hexadecimal)
            let numbers = halves[1].split(separator: UInt8(ascii: ",")).map(Self.hexadecimal)
            let count = head.count > 1 ? head[1] : 1
            scalar += head[0]
            for k in 0..<count {
                compatible.insert(UInt64(scalar + k), UInt64(texts.count) << 32 | UInt64(numbers.count))
                texts += numbers.map { $0 + k }
            }
            scalar += count - 1
        }
        self.canonical = canonical
        self.compatible = compatible
        self.composites = composites
        self.texts = texts
    }

    private static func hexadecimal(_ digits: Substring.UTF8View) -> UInt32 {
        digits.reduce(0) { $0 << 4 | UInt32($1 < 0x3A ? $1 - 0x30 : $1 - 0x37) }
    }

    func apply(_ form: Normalizer.Form, _ text: [UInt8]) -> [UInt8] {
        let isCompatible = form == .compatibleComposed || form == .compatibleDecomposed
        var scalars: [UInt32] = []
        scalars.reserveCapacity(text.count)
        let reader = ScalarReader()
        var i = 0
        while i < text.count {
            let unit = reader.unit(text, i)
            if unit.scalar < 0x80 {
                scalars.append(unit.scalar)
            } else {
                decompose(unit.scalar, isCompatible, into: &scalars)
            }
            i = unit.next
        }
        Self.reorder(&scalars)
        if form == .composed || form == .compatibleComposed { compose(&scalars) }
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        for scalar in scalars { LenientUTF8.append(scalar, to: &output) }
        return output
    }

    /// Compatibility entries are complete; canonical ones go one step, of their first scalar further ones.
    private func decompose(_ scalar: UInt32, _ isCompatible: Bool, into output: inout [UInt32]) {
        if scalar >= Self.hangul, scalar < Self.hangul + Self.hangulCount {
            let index = scalar - Self.hangul
            output.append(0x1100 + index / 588)
            output.append(0x1161 + index % 588 / 28)
            if index % 28 > 0 { output.append(0x11A7 + index % 28) }
            return
        }
        if isCompatible {
            let entry = compatible.find(UInt64(scalar))
            if entry != PairTable.absent {
                output += texts[Int(entry >> 32)..<Int(entry >> 32) + Int(entry & 0xFFFF)]
                return
            }
        }
        let entry = canonical.find(UInt64(scalar))
        guard entry != PairTable.absent else {
            output.append(scalar)
            return
        }
        let start = Int(entry >> 32)
        decompose(texts[start], isCompatible, into: &output)
        output += texts[start + 1..<start + Int(entry & 0xFFFF)]
    }

    /// Puts runs of combining scalars in the order of their classes, equal classes as they stood.
    private static func reorder(_ scalars: inout [UInt32]) {
        var i = 0
        while i < scalars.count {
            if combiningClass(scalars[i]) == 0 {
                i += 1
                continue
            }
            var end = i
            var run: [(class: UInt8, place: Int, scalar: UInt32)] = []
            while end < scalars.count, case let value = combiningClass(scalars[end]), value != 0 {
                run.append((value, end, scalars[end]))
                end += 1
            }
            if run.count > 1 {
                run.sort { ($0.class, $0.place) < ($1.class, $1.place) }
                for (k, entry) in run.enumerated() { scalars[i + k] = entry.scalar }
            }
            i = end
        }
    }

    private func compose(_ scalars: inout [UInt32]) {
        var kept = 0
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in scalars {
            let value = Self.combiningClass(scalar)
            if let starter, starter + 1 == kept || (lastClass != 0 && lastClass < value),
                let composite = composite(scalars[starter], scalar)
            {
                scalars[starter] = composite
                continue
            }
            if value == 0 { starter = kept }
            lastClass = value
            scalars[kept] = scalar
            kept += 1
        }
        scalars.removeSubrange(kept...)
    }

    private func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if (0x1100..<0x1113).contains(first), (0x1161..<0x1176).contains(second) {
            return Self.hangul + (first - 0x1100) * 588 + (second - 0x1161) * 28
        }
        if first >= Self.hangul, first < Self.hangul + Self.hangulCount, (first - Self.hangul) % 28 == 0,
            (0x11A8..<0x11C3).contains(second)
        {
            return first + second - 0x11A7
        }
        let value = composites.find(UInt64(first) << 32 | UInt64(second))
        return value == PairTable.absent ? nil : UInt32(value)
    }

    private static func combiningClass(_ scalar: UInt32) -> UInt8 {
        if scalar < 0x300 { return 0 }
        let value = Unicode.Scalar(scalar)?.properties.canonicalCombiningClass.rawValue ?? 0
        return value != 0 && CanonicalData.unordered.contains(scalar) ? 0 : value
    }
}
