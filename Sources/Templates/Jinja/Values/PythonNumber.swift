import Foundation

/// Numbers as Python writes and reads them.
enum PythonNumber {
    /// `repr` of a float: the shortest digits that read back as the same number, an exponent outside 1e-4 ..< 1e16.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let sign = value.sign == .minus ? "-" : ""
        let (digits, exponent) = shortest(value.magnitude)
        if exponent < -4 || exponent >= 16 {
            let mantissa = digits.count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
            return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + padded(abs(exponent))
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let whole = exponent + 1
        if digits.count <= whole { return sign + digits + String(repeating: "0", count: whole - digits.count) + ".0" }
        return sign + digits.prefix(whole) + "." + digits.dropFirst(whole)
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// The significant digits without zeros at their ends, and the decimal exponent of the first.
    private static func shortest(_ value: Double) -> (digits: String, exponent: Int) {
        if value == 0 { return ("0", 0) }
        let parts = "\(value)".split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let (whole, fraction) = (String(mantissa[0]), mantissa.count > 1 ? String(mantissa[1]) : "")
        var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count - 1
        var digits = whole + fraction
        while digits.first == "0" {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        return (digits, exponent)
    }

    /// `float(text)`
    static func float(_ text: Text) -> Double? {
        let word = number(text)
        guard let word, !word.isEmpty else { return nil }
        let lower = word.lowercased()
        let bare = lower.hasPrefix("-") || lower.hasPrefix("+") ? String(lower.dropFirst()) : lower
        if ["inf", "infinity", "nan"].contains(bare) { return Double(lower) }
        // Swift reads hexadecimal floats and "nan(…)"; Python does not.
        guard bare.allSatisfy({ "0123456789.e+-".contains($0) }), bare.contains(where: \.isNumber) else { return nil }
        var plain = bare
        if plain.hasPrefix(".") { plain = "0" + plain }
        plain = plain.replacingOccurrences(of: ".e", with: ".0e")
        if plain.hasSuffix(".") { plain += "0" }
        return Double(plain).map { lower.hasPrefix("-") ? -$0 : $0 }
    }

    enum Whole { case value(Int), tooLarge, invalid }

    /// `int(text, base)`
    static func int(_ text: Text, base: Int) -> Whole {
        guard base == 0 || (2...36).contains(base), var word = number(text)?.lowercased() else { return .invalid }
        let sign = word.hasPrefix("-") ? -1 : 1
        if word.hasPrefix("-") || word.hasPrefix("+") { word.removeFirst() }
        var radix = base
        for (prefix, value) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
            if base == value || base == 0 {
                word.removeFirst(2)
                radix = value
            }
        }
        if radix == 0 { radix = 10 }
        if base == 0, radix == 10, word.hasPrefix("0"), word.contains(where: { $0 != "0" }) { return .invalid }
        guard let first = word.first, first != "-", first != "+" else { return .invalid }
        guard word.allSatisfy({ ($0.isASCII && $0.isNumber || $0.isLetter) && digit($0) < radix }) else {
            return .invalid
        }
        return Int(word, radix: radix).map { .value(sign * $0) } ?? .tooLarge
    }

    private static func digit(_ character: Character) -> Int {
        guard let value = character.asciiValue else { return .max }
        return Int(value) - (value < 0x3A ? 0x30 : 0x57)
    }

    /// The text without white space around it and underscores between digits, its decimals in ASCII; nil where an
    /// underscore stands elsewhere.
    private static func number(_ text: Text) -> String? {
        var result = ""
        var previous: Unicode.Scalar?
        let scalars = text.stripped(nil).scalars
        for (place, scalar) in scalars.enumerated() {
            if scalar == "_" {
                let next = place + 1 < scalars.count ? scalars[place + 1] : nil
                guard let previous, let next, isDigit(previous), isDigit(next) else { return nil }
            } else if !scalar.isASCII, scalar.isPythonDecimal, let value = scalar.properties.numericValue {
                result += String(Int(value))
            } else {
                result.unicodeScalars.append(scalar)
            }
            previous = scalar
        }
        return result
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isPythonDecimal || scalar.isASCII && Character(scalar).isHexDigit
    }
}
