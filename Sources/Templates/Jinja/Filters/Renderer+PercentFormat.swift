import Foundation

/// Widths, precisions and flags of `%` and `format`.
struct FormatSpec {
    var fill: Unicode.Scalar = " "
    var align: Unicode.Scalar?
    var sign: Unicode.Scalar = "-"
    var isAlternate = false
    var width = 0
    var groups: Unicode.Scalar?
    var precision: Int?
    var type: Unicode.Scalar?

    static let widthMax = 10_000
}

extension Renderer {
    /// `format % values`
    func formatPercent(_ format: Text, _ values: Value) throws(TemplateError) -> Text {
        var arguments: [Value] = [values]
        if case .list(let list) = values, list.kind == .tuple { arguments = list.items }
        var (used, usesNames, place, result) = (0, false, 0, Text())
        result.isMarkup = format.isMarkup
        func nextArgument() throws(TemplateError) -> Value {
            if used >= arguments.count { throw .fault("'%' has more places than values") }
            used += 1
            return arguments[used - 1]
        }
        while place < format.count {
            guard format.scalars[place] == "%" else {
                let end = format.scalars[place...].firstIndex(of: "%") ?? format.count
                try checkText(result.count + end - place)
                result.append(format[place..<end])
                place = end
                continue
            }
            try charge(4)
            var reader = PercentReader(scalars: format.scalars, place: place + 1)
            let name = try reader.name()
            usesNames = usesNames || name != nil
            let spec = try reader.spec { () throws(TemplateError) in
                guard let int = try nextArgument().int else { throw .fault("'*' in '%' needs a whole number") }
                return int
            }
            guard let type = spec.type else { throw .fault("'%' without what to print") }
            let trust = format.isTrusted(at: place)
            place = reader.place
            if type == "%" {
                result.append("%", isTrusted: trust)
                continue
            }
            let value: Value
            if let name {
                guard case .dict(let dict) = values else { throw .fault("'%(name)' needs a dictionary") }
                guard let member = dict.value(Text(scalars: name, isTrusted: true)) else {
                    throw .fault("'%' names what the dictionary does not have")
                }
                value = member
            } else {
                value = try nextArgument()
            }
            var text = try formatted(value, spec, type)
            if format.isMarkup { text = text.escaped() }
            try checkText(result.count + text.count)
            result.append(text)
        }
        if used < arguments.count, !usesNames, !mayBeUnused(values) { throw .fault("'%' has fewer places than values") }
        return result
    }

    /// What Python takes for a dictionary here: all that has an index, tuples and strings apart.
    private func mayBeUnused(_ values: Value) -> Bool {
        switch values {
        case .dict, .range, .undefined: true
        case .list(let list): list.kind == .list
        default: false
        }
    }

    private func formatted(_ value: Value, _ spec: FormatSpec, _ type: Unicode.Scalar) throws(TemplateError) -> Text {
        var text: Text
        switch type {
        case "s", "r", "a":
            text = type == "s" ? try string(value) : try represented(value)
            if let precision = spec.precision { text = text[0..<min(precision, text.count)] }
            return padded(text, width: spec.width, fill: Text(" "), at: spec.align == "<" ? "ljust" : "rjust")
        case "c":
            if case .string(let string) = value, string.count == 1 {
                text = string
            } else if let code = value.int, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) {
                text = Text(scalars: [scalar], isTrusted: true)
            } else {
                throw .fault("'%c' needs one character")
            }
            return padded(text, width: spec.width, fill: Text(" "), at: spec.align == "<" ? "ljust" : "rjust")
        case "d", "i", "u", "x", "X", "o":
            var spec = spec
            if case .float(let float) = value {
                guard "diu".unicodeScalars.contains(type), let int = Int(exactly: float.rounded(.towardZero)) else {
                    throw .fault("'%\(type)' needs a whole number")
                }
                spec.type = "d"
                return try formatInt(int, spec, digitsMin: spec.precision ?? 0)
            }
            guard let int = value.int else { throw .fault("'%\(type)' needs a number, not \(value.kind)") }
            if "iu".unicodeScalars.contains(type) { spec.type = "d" }
            return try formatInt(int, spec, digitsMin: spec.precision ?? 0)
        case "e", "E", "f", "F", "g", "G":
            guard let number = value.number else { throw .fault("'%\(type)' needs a number, not \(value.kind)") }
            return try formatFloat(number, spec)
        default: throw .fault("'%\(type)' prints nothing known")
        }
    }
}

/// Reads what follows a `%`.
private struct PercentReader {
    let scalars: [Unicode.Scalar]
    var place: Int

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    mutating func name() throws(TemplateError) -> [Unicode.Scalar]? {
        guard next == "(" else { return nil }
        let start = place + 1
        var depth = 1
        place += 1
        while let scalar = next {
            if scalar == "(" { depth += 1 }
            if scalar == ")" { depth -= 1 }
            place += 1
            if depth == 0 { return Array(scalars[start..<place - 1]) }
        }
        throw .fault("'%(' without ')'")
    }

    mutating func spec(
        star: () throws(TemplateError) -> Int
    ) throws(TemplateError) -> FormatSpec {
        var spec = FormatSpec()
        spec.align = ">"
        while let flag = next, "-+ #0".unicodeScalars.contains(flag) {
            switch flag {
            case "-": spec.align = "<"
            case "+": spec.sign = "+"
            case " ": if spec.sign != "+" { spec.sign = " " }
            case "#": spec.isAlternate = true
            default: spec.fill = "0"
            }
            place += 1
        }
        if spec.align == "<" { spec.fill = " " }
        if spec.fill == "0" { spec.align = "=" }
        if next == "*" {
            place += 1
            let width = try star()
            if width < 0 { (spec.align, spec.fill) = ("<", " ") }
            spec.width = min(Int(width.magnitude), FormatSpec.widthMax + 1)
        } else {
            spec.width = number() ?? 0
        }
        if next == "." {
            place += 1
            if next == "*" {
                place += 1
                spec.precision = max(0, try star())
            } else {
                spec.precision = number() ?? 0
            }
        }
        while let length = next, "hlL".unicodeScalars.contains(length) { place += 1 }
        spec.type = next
        place += 1
        if spec.width > FormatSpec.widthMax || (spec.precision ?? 0) > FormatSpec.widthMax {
            throw .limit(name: "formatWidthMax", value: FormatSpec.widthMax)
        }
        return spec
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next, ("0"..."9").contains(digit) {
            value = min((value ?? 0) * 10 + Int(digit.value - 0x30), FormatSpec.widthMax + 1)
            place += 1
        }
        return value
    }
}
