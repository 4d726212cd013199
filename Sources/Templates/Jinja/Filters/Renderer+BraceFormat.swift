extension Renderer {
    /// `format.format(…)`: `{}`, `{0}`, `{name}`, members, indices, `!r` and `!s`, and format specifications.
    func formatBraces(_ format: Text, _ arguments: Arguments) throws(TemplateError) -> Text {
        var numbering = Numbering()
        return try formatBraces(format, arguments, &numbering, depth: 2)
    }

    private struct Numbering {
        var next = 0
        var isManual: Bool?
    }

    private func formatBraces(
        _ format: Text, _ arguments: Arguments, _ numbering: inout Numbering, depth: Int
    ) throws(TemplateError) -> Text {
        if depth == 0 { throw .fault("'format' nests too deep") }
        var (place, result) = (0, Text())
        while place < format.count {
            let scalar = format.scalars[place]
            let isDoubled = place + 1 < format.count && format.scalars[place + 1] == scalar
            if scalar == "}" || scalar == "{", isDoubled {
                result.append(scalar, isTrusted: format.isTrusted(at: place))
                place += 2
            } else if scalar == "}" {
                throw .fault("'format' has a '}' that closes nothing")
            } else if scalar == "{" {
                try charge(8)
                let end = try endOfField(format, place + 1)
                let field = try self.field(format[place + 1..<end], arguments, &numbering, depth: depth)
                try checkText(result.count + field.count)
                result.append(field)
                place = end + 1
            } else {
                let end = format.scalars[place...].firstIndex { $0 == "{" || $0 == "}" } ?? format.count
                try checkText(result.count + end - place)
                result.append(format[place..<end])
                place = end
            }
        }
        result.isMarkup = format.isMarkup
        return result
    }

    private func endOfField(_ format: Text, _ start: Int) throws(TemplateError) -> Int {
        var depth = 1
        for place in start..<format.count {
            if format.scalars[place] == "{" { depth += 1 }
            if format.scalars[place] == "}" { depth -= 1 }
            if depth == 0 { return place }
        }
        throw .fault("'format' has a '{' without '}'")
    }

    /// `name!conversion:spec`
    private func field(
        _ field: Text, _ arguments: Arguments, _ numbering: inout Numbering, depth: Int
    ) throws(TemplateError) -> Text {
        let nameEnd = field.scalars.firstIndex { $0 == "!" || $0 == ":" } ?? field.count
        var value = try value(field[0..<nameEnd], arguments, &numbering)
        var place = nameEnd
        if place < field.count, field.scalars[place] == "!" {
            guard place + 1 < field.count else { throw .fault("'format' ends at '!'") }
            switch field.scalars[place + 1] {
            case "r": value = .string(try represented(value))
            case "s": value = .string(try string(value))
            default: throw .fault("'format' knows the conversions !r and !s")
            }
            place += 2
        }
        if place >= field.count { return try string(value) }
        if field.scalars[place] != ":" { throw .fault("'format' needs ':' after a conversion") }
        let spec = try formatBraces(field[place + 1..<field.count], arguments, &numbering, depth: depth - 1)
        return try formatted(value, try FormatSpec(spec), spec.isEmpty)
    }

    private func value(
        _ path: Text, _ arguments: Arguments, _ numbering: inout Numbering
    ) throws(TemplateError) -> Value {
        let scalars = path.scalars
        var place = scalars.firstIndex { $0 == "." || $0 == "[" } ?? scalars.count
        let first = path[0..<place].string
        var value: Value
        if let index = first.isEmpty ? numbering.next : Int(first) {
            if let manual = numbering.isManual, manual == first.isEmpty {
                throw .fault("'format' mixes numbered and plain fields")
            }
            numbering.isManual = !first.isEmpty
            if first.isEmpty { numbering.next += 1 }
            guard arguments.positional.indices.contains(index) else { throw .fault("'format' has no value \(index)") }
            value = arguments.positional[index]
        } else {
            guard let named = arguments.named.first(where: { $0.name == first }) else {
                throw .fault("'format' has no value '\(first)'")
            }
            value = named.value
        }
        while place < scalars.count {
            let isMember = scalars[place] == "."
            let start = place + 1
            let end =
                isMember
                ? scalars[start...].firstIndex { $0 == "." || $0 == "[" } ?? scalars.count
                : scalars[start...].firstIndex(of: "]") ?? scalars.count
            if end == start || (!isMember && end == scalars.count) { throw .fault("'format' has a broken field") }
            let name = path[start..<end]
            if isMember {
                value = try attribute(name, name.string, of: value)
            } else {
                value = try item(Int(name.string).map(Value.int) ?? .string(name), of: value)
            }
            place = isMember ? end : end + 1
        }
        return value
    }

    private func formatted(_ value: Value, _ spec: FormatSpec, _ isPlain: Bool) throws(TemplateError) -> Text {
        if isPlain { return try string(value) }
        switch value {
        case .string(let text):
            guard spec.type == nil || spec.type == "s", spec.align != "=" else {
                throw .fault("a string has no format of this kind")
            }
            return align(text[0..<min(spec.precision ?? text.count, text.count)], spec, otherwise: "<")
        case .int, .bool:
            let int = value.int ?? 0
            if let type = spec.type, "eEfFgG%".unicodeScalars.contains(type) {
                return try formatFloat(Double(int), spec)
            }
            if case .bool = value, spec.type == nil { return align(try string(value), spec, otherwise: ">") }
            guard spec.precision == nil, spec.type.map("bdoxXn".unicodeScalars.contains) ?? true else {
                throw .fault("a whole number has no format of this kind")
            }
            return try formatInt(int, spec)
        case .float(let float):
            guard spec.type.map("eEfFgG%n".unicodeScalars.contains) ?? true else {
                throw .fault("a float has no format of this kind")
            }
            return try formatFloat(float, spec)
        default: throw .fault("\(value.kind) has no formats")
        }
    }
}

extension FormatSpec {
    /// `[[fill]align][sign][#][0][width][,][.precision][type]`
    init(_ spec: Text) throws(TemplateError) {
        let scalars = spec.scalars
        var place = 0
        var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }
        func isAlign(_ scalar: Unicode.Scalar) -> Bool { "<>^=".unicodeScalars.contains(scalar) }
        if scalars.count > 1, isAlign(scalars[1]) {
            (fill, align, place) = (scalars[0], scalars[1], 2)
        } else if let first = scalars.first, isAlign(first) {
            (align, place) = (first, 1)
        }
        if let scalar = next, "+- ".unicodeScalars.contains(scalar) {
            sign = scalar
            place += 1
        }
        if next == "#" {
            isAlternate = true
            place += 1
        }
        if next == "0" {
            if align == nil { (fill, align) = ("0", "=") }
            place += 1
        }
        func number() -> Int? {
            var value: Int?
            while let digit = next, ("0"..."9").contains(digit) {
                value = min((value ?? 0) * 10 + Int(digit.value - 0x30), Self.widthMax + 1)
                place += 1
            }
            return value
        }
        width = number() ?? 0
        if let scalar = next, scalar == "," || scalar == "_" {
            groups = scalar
            place += 1
        }
        if next == "." {
            place += 1
            guard let digits = number() else { throw .fault("a format's '.' needs a number after it") }
            precision = digits
        }
        type = next
        if type != nil { place += 1 }
        if place < scalars.count { throw .fault("the format '\(spec.string)' cannot be read") }
        if width > Self.widthMax || (precision ?? 0) > Self.widthMax {
            throw .limit(name: "formatWidthMax", value: Self.widthMax)
        }
    }
}
