/// A set of scalars as a bracket expression writes it: classes and ranges, or all but those.
struct ScalarSet: Sendable, Equatable {
    private let classes: ScalarClasses.Bits
    private let firsts: [UInt32]
    private let lasts: [UInt32]
    private let isInverted: Bool
    /// Membership of U+0000…U+007F.
    private let ascii: (UInt64, UInt64)

    /// - Parameters:
    ///   - classes: whole classes that belong to the set.
    ///   - ranges: pairs of scalars as in a bracket expression ("a-zÀ-Ö"); a single scalar stands for itself and a
    ///     hyphen between two scalars makes a range.
    init(classes: ScalarClasses.Bits = 0, ranges: String = "", isInverted: Bool = false) {
        var pairs: [(UInt32, UInt32)] = []
        let scalars = ranges.unicodeScalars.map(\.value)
        var i = 0
        while i < scalars.count {
            if i + 2 < scalars.count, scalars[i + 1] == 0x2D {
                pairs.append((scalars[i], scalars[i + 2]))
                i += 3
            } else {
                pairs.append((scalars[i], scalars[i]))
                i += 1
            }
        }
        self.init(classes: classes, pairs: pairs, isInverted: isInverted)
    }

    init(pairs ranges: [ClosedRange<UInt32>]) {
        self.init(classes: 0, pairs: ranges.map { ($0.lowerBound, $0.upperBound) }, isInverted: false)
    }

    private init(classes: ScalarClasses.Bits, pairs unsorted: [(UInt32, UInt32)], isInverted: Bool) {
        let pairs = unsorted.sorted { $0.0 < $1.0 }
        self.classes = classes
        self.isInverted = isInverted
        firsts = pairs.map(\.0)
        lasts = pairs.map(\.1)
        var low: UInt64 = 0
        var high: UInt64 = 0
        for scalar in 0..<UInt32(128) {
            let isListed = pairs.contains { $0.0 <= scalar && scalar <= $0.1 }
            let isMember = (isListed || ScalarClasses.shared.bits(scalar) & classes != 0) != isInverted
            if isMember, scalar < 64 { low |= 1 << UInt64(scalar) }
            if isMember, scalar >= 64 { high |= 1 << UInt64(scalar - 64) }
        }
        ascii = (low, high)
    }

    @inline(__always)
    func contains(_ scalar: UInt32, _ bits: ScalarClasses.Bits) -> Bool {
        if scalar < 64 { return ascii.0 >> UInt64(scalar) & 1 != 0 }
        if scalar < 128 { return ascii.1 >> UInt64(scalar - 64) & 1 != 0 }
        return (bits & classes != 0 || isListed(scalar)) != isInverted
    }

    private func isListed(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = firsts.count
        while low < high {
            let middle = (low + high) / 2
            if firsts[middle] <= scalar { low = middle + 1 } else { high = middle }
        }
        return low > 0 && scalar <= lasts[low - 1]
    }

    static func == (a: ScalarSet, b: ScalarSet) -> Bool {
        a.classes == b.classes && a.firsts == b.firsts && a.lasts == b.lasts && a.isInverted == b.isInverted
    }
}
