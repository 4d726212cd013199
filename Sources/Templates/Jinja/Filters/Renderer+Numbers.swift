import Foundation

extension Renderer {
    /// A whole number by a format.
    func formatInt(_ value: Int, _ spec: FormatSpec, digitsMin: Int = 0) throws(TemplateError) -> Text {
        let radix: Int
        switch spec.type ?? "d" {
        case "x", "X": radix = 16
        case "o": radix = 8
        case "b": radix = 2
        default: radix = 10
        }
        var digits = String(value.magnitude, radix: radix, uppercase: spec.type == "X")
        digits = String(repeating: "0", count: max(0, digitsMin - digits.count)) + digits
        let prefix = spec.isAlternate && radix != 10 ? "0" + String(spec.type ?? "x") : ""
        return try aligned(sign(value < 0, spec) + prefix, grouped(digits, spec, radix: radix), spec)
    }

    /// A float by a format.
    func formatFloat(_ value: Double, _ spec: FormatSpec) throws(TemplateError) -> Text {
        try charge(8 + spec.width / 16)
        let sign = sign(value.sign == .minus && !value.isNaN, spec)
        let magnitude = value.magnitude
        if !magnitude.isFinite {
            let isUpper = "EFG".unicodeScalars.contains(spec.type ?? "f")
            let word = magnitude.isNaN ? "nan" : "inf"
            var spec = spec
            if spec.align == "=", spec.fill == "0" { (spec.align, spec.fill) = (">", " ") }
            return try aligned(sign, isUpper ? word.uppercased() : word, spec)
        }
        if spec.type == "%" {
            return try aligned(
                sign, grouped(String(format: "%.*f", spec.precision ?? 6, magnitude * 100), spec) + "%", spec)
        }
        guard let type = spec.type else {
            let digits =
                spec.precision.map { general(magnitude, $0, keepsFraction: true) } ?? PythonNumber.text(magnitude)
            return try aligned(sign, grouped(digits, spec), spec)
        }
        let pattern = "%\(spec.isAlternate ? "#" : "").*\(type)"
        return try aligned(sign, grouped(String(format: pattern, spec.precision ?? 6, magnitude), spec), spec)
    }

    /// As `%g`, and with a fraction at least of one zero.
    private func general(_ value: Double, _ precision: Int, keepsFraction: Bool) -> String {
        let text = String(format: "%.*g", max(1, precision), value)
        return text.contains(where: { ".en".contains($0) }) ? text : text + ".0"
    }

    private func sign(_ isNegative: Bool, _ spec: FormatSpec) -> String {
        isNegative ? "-" : spec.sign == "-" ? "" : String(spec.sign)
    }

    /// Thousands apart, where the format asks for it.
    private func grouped(_ digits: String, _ spec: FormatSpec, radix: Int = 10) -> String {
        guard let separator = spec.groups else { return digits }
        let whole = digits.prefix { $0.isHexDigit && $0 != "." }
        let size = radix == 10 ? 3 : 4
        var result = ""
        for (place, digit) in whole.enumerated() {
            if place > 0, (whole.count - place) % size == 0 { result.unicodeScalars.append(separator) }
            result.append(digit)
        }
        return result + digits.dropFirst(whole.count)
    }

    private func aligned(_ sign: String, _ digits: String, _ spec: FormatSpec) throws(TemplateError) -> Text {
        try checkText(spec.width)
        let fill = Text(scalars: [spec.fill], isTrusted: true)
        if spec.align == "=" {
            let width = spec.width - sign.unicodeScalars.count
            var text = Text(sign)
            text.append(padded(Text(digits), width: width, fill: fill, at: "rjust"))
            return text
        }
        let text = Text(sign + digits)
        return align(text, spec, otherwise: ">")
    }

    func align(_ text: Text, _ spec: FormatSpec, otherwise: Unicode.Scalar) -> Text {
        let missing = max(0, spec.width - text.count)
        let fill = Text(scalars: [spec.fill], isTrusted: true)
        switch spec.align ?? otherwise {
        case "<": return padded(text, width: spec.width, fill: fill, at: "ljust")
        case "^":
            // `format` gives the odd space to the right, unlike `center`.
            let left = padded(text, width: text.count + missing / 2, fill: fill, at: "rjust")
            return padded(left, width: spec.width, fill: fill, at: "ljust")
        default: return padded(text, width: spec.width, fill: fill, at: "rjust")
        }
    }
}
