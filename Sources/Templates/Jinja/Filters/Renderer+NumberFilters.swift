import Foundation

extension Renderer {
    /// Filters that compute.
    @inline(never)
    func filter(number name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        try charge(8)
        switch name {
        case "abs":
            try arguments.none(name)
            if let int = value.int {
                guard int != .min else { throw .fault("|abs of \(int) does not fit 64 bits") }
                return .int(abs(int))
            }
            guard case .float(let float) = value else { throw misuse(of: value, "|abs") }
            return .float(float.magnitude)
        case "int": return try toInt(value, try arguments.bind(["default", "base"], of: name))
        case "float":
            let given = try arguments.bind(["default"], of: name)
            if let number = value.number { return .float(number) }
            if case .undefined = value { throw misuse(of: value, "|float") }
            if case .string(let text) = value {
                try chargeEach(text)
                if let number = PythonNumber.float(text) { return .float(number) }
            }
            return given[0] ?? .float(0)
        case "round": return try round(value, try arguments.bind(["precision", "method"], of: name))
        case "sum":
            let given = try arguments.bind(["attribute", "start"], of: name)
            var sum = given[1] ?? .int(0)
            for item in try elements(of: value) {
                sum = try combine(.add, sum, try attributes(given[0] ?? .none, of: item))
            }
            return sum
        default: return try extreme(name, value, try arguments.bind(["case_sensitive", "attribute"], of: name))
        }
    }

    private func toInt(_ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        if let int = value.int { return .int(int) }
        switch value {
        case .undefined: throw misuse(of: value, "|int")
        case .float(let float): return try truncated(float) ?? given[0] ?? .int(0)
        case .string(let text):
            try chargeEach(text)
            switch PythonNumber.int(text, base: given[1]?.int ?? 10) {
            case .value(let int): return .int(int)
            case .tooLarge: throw .fault("a number of \(text.count) digits does not fit 64 bits")
            case .invalid:
                guard let float = PythonNumber.float(text) else { return given[0] ?? .int(0) }
                return try truncated(float) ?? given[0] ?? .int(0)
            }
        default: return given[0] ?? .int(0)
        }
    }

    /// nil for what is no number.
    private func truncated(_ float: Double) throws(TemplateError) -> Value? {
        if !float.isFinite { return nil }
        guard let int = Int(exactly: float.rounded(.towardZero)) else {
            throw .fault("\(float) as a whole number does not fit 64 bits")
        }
        return .int(int)
    }

    private func round(_ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        try charge(8)
        let method = given[1] == nil ? "common" : try text(given[1], "round").string
        guard ["common", "ceil", "floor"].contains(method) else { throw .fault("'round' knows common, ceil and floor") }
        guard let precision = (given[0] ?? .int(0)).int, abs(precision) <= 300 else {
            throw .fault("'round' needs a whole number of digits")
        }
        guard let number = value.number else { throw misuse(of: value, "|round") }
        if method != "common" {
            if precision < 0, value.int != nil { throw .unsupported(line: 0, what: "rounding up or down to tens") }
            let scaled = number * pow(10, Double(precision))
            if !scaled.isFinite { throw .fault("\(number) cannot be rounded") }
            return .float((method == "ceil" ? scaled.rounded(.up) : scaled.rounded(.down)) / pow(10, Double(precision)))
        }
        if let int = value.int { return .int(try rounded(int, precision)) }
        if !number.isFinite { return .float(number) }
        if precision >= 0 { return .float(Double(String(format: "%.*f", precision, number)) ?? number) }
        let unit = pow(10, Double(-precision))
        return .float((number / unit).rounded(.toNearestOrEven) * unit)
    }

    /// Half to even, at tens for negative digits.
    private func rounded(_ int: Int, _ precision: Int) throws(TemplateError) -> Int {
        if precision >= 0 { return int }
        if precision < -18 { return 0 }
        var unit = 1
        for _ in 0..<(-precision) { unit *= 10 }
        let remainder = (int % unit + unit) % unit
        let low = int.subtractingReportingOverflow(remainder)
        let high = low.partialValue.addingReportingOverflow(unit)
        let goesUp = remainder * 2 > unit || remainder * 2 == unit && (low.partialValue / unit) % 2 != 0
        if goesUp ? low.overflow || high.overflow : low.overflow { throw .fault("\(int) cannot be rounded in 64 bits") }
        return goesUp ? high.partialValue : low.partialValue
    }

    private func extreme(_ name: String, _ value: Value, _ given: [Value?]) throws(TemplateError) -> Value {
        let isCaseSensitive = given[0]?.isTrue ?? false
        var best: (item: Value, key: Value)?
        for item in try elements(of: value) {
            let attribute = try attributes(given[1] ?? .none, of: item)
            let key = try sortKey(attribute, isCaseSensitive: isCaseSensitive)
            guard let last = best else {
                best = (item, key)
                continue
            }
            let isBetter =
                name == "min"
                ? try compare(key, last.key, "<") { $0 < 0 } : try compare(key, last.key, ">") { $0 > 0 }
            if isBetter { best = (item, key) }
        }
        return best?.item ?? .undefined(Undefined(name: name, owner: "an empty sequence"))
    }
}
