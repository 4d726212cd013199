import Foundation

/// A text as comparisons see it: words and Han characters, without case, width, white space and punctuation.
///
///     TextUnits("Hello, ＷＯＲＬＤ！春眠")      // hello, world, 春, 眠
///
/// Compatibility forms are one (NFKC). A unit keeps its place in the text, so that what two texts share can be shown.
package struct TextUnits: Sendable {
    /// FNV-1a of each unit's scalars, mixed; the same on every machine.
    package let hashes: [UInt64]
    /// Where each unit stands in `scalars`.
    private let ranges: [Range<Int>]
    private let scalars: [Unicode.Scalar]

    package init(_ text: String) {
        scalars = Array(text.precomposedStringWithCompatibilityMapping.unicodeScalars)
        var hashes: [UInt64] = []
        var ranges: [Range<Int>] = []
        var hash = Self.basis
        var start: Int?
        func end(_ place: Int) {
            guard let first = start else { return }
            hashes.append(Self.mixed(hash))
            ranges.append(first..<place)
            (start, hash) = (nil, Self.basis)
        }
        for (place, scalar) in scalars.enumerated() {
            if Self.isHan(scalar) {
                end(place)
                start = place
                hash = Self.step(hash, scalar)
                end(place + 1)
            } else if Self.isWord(scalar) {
                if start == nil { start = place }
                for lower in Self.lower(scalar) { hash = Self.step(hash, lower) }
            } else {
                end(place)
            }
        }
        end(scalars.count)
        self.hashes = hashes
        self.ranges = ranges
    }

    package var count: Int { hashes.count }

    /// All units as one number, for texts that are compared as a whole.
    package var hash: UInt64 { hashes.reduce(Self.basis) { Self.mixed($0 ^ $1) } }

    /// The text of some units, with what stands between them.
    package func text(_ units: Range<Int>) -> String {
        guard let first = units.first, let last = units.last else { return "" }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[ranges[first].lowerBound..<ranges[last].upperBound])
        return String(view)
    }

    private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func step(_ hash: UInt64, _ scalar: Unicode.Scalar) -> UInt64 {
        (hash ^ UInt64(scalar.value)) &* 0x100_0000_01b3
    }

    /// FNV's low bits alone are poor.
    static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    private static func lower(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        if scalar.isASCII {
            let isUpper = (0x41...0x5A).contains(scalar.value)
            return String.UnicodeScalarView([isUpper ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar])
        }
        return scalar.properties.lowercaseMapping.unicodeScalars
    }

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return (0x61...0x7A).contains(scalar.value | 0x20) || (0x30...0x39).contains(scalar.value)
        }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
