import JSON

/// A number's decimal digits, exactly.
struct Decimal: Equatable {
    var isNegative = false
    /// Without leading zeros, but for zero itself.
    var whole: [UInt8]
    /// Without trailing zeros.
    var fraction: [UInt8] = []

    init(whole: [UInt8], fraction: [UInt8] = [], isNegative: Bool = false) {
        let digits = Array(whole.drop { $0 == 0 })
        self.whole = digits.isEmpty ? [0] : digits
        self.fraction = fraction
        while self.fraction.last == 0 { self.fraction.removeLast() }
        self.isNegative = isNegative && !(self.whole == [0] && self.fraction.isEmpty)
    }

    /// nil for what is no number.
    init?(_ value: JSONValue) {
        let text: String
        switch value {
        case .int(let int): text = String(int)
        case .double(let double) where double.isFinite: text = "\(double)".lowercased()
        default: return nil
        }
        // "-12.5e-07": the digits, with the point moved by the exponent.
        let parts = text.drop { $0 == "-" }.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var whole = mantissa[0].utf8.map { $0 - 0x30 }
        var fraction = mantissa.count > 1 ? mantissa[1].utf8.map { $0 - 0x30 } : []
        var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        while exponent > 0 {
            whole.append(fraction.isEmpty ? 0 : fraction.removeFirst())
            exponent -= 1
        }
        while exponent < 0 {
            fraction.insert(whole.popLast() ?? 0, at: 0)
            exponent += 1
        }
        self.init(whole: whole, fraction: fraction, isNegative: text.hasPrefix("-"))
    }

    var isZero: Bool { whole == [0] && fraction.isEmpty }
    var isWhole: Bool { fraction.isEmpty }
    var magnitude: Decimal { Decimal(whole: whole, fraction: fraction) }

    static func < (left: Decimal, right: Decimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? right.magnitude.isBelow(left.magnitude) : left.isBelow(right)
    }

    private func isBelow(_ other: Decimal) -> Bool {
        if whole.count != other.whole.count { return whole.count < other.whole.count }
        if whole != other.whole { return whole.lexicographicallyPrecedes(other.whole) }
        return fraction.lexicographicallyPrecedes(other.fraction)
    }
}
