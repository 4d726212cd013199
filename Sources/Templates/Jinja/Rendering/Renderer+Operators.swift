import Foundation

extension Renderer {
    @inline(never)
    func combine(
        _ kind: Expression.Operation.Kind, _ left: Value, _ right: Value
    ) throws(TemplateError) -> Value {
        if let left = left.int, let right = right.int { return try combineInts(kind, left, right) }
        if let left = left.number, let right = right.number { return try combineFloats(kind, left, right) }
        switch (kind, left, right) {
        case (.add, .string(let a), .string(let b)): return try add(a, b)
        case (.add, .list(let a), .list(let b)) where a.kind == b.kind && !a.kind.isView:
            try checkList(a.items.count + b.items.count)
            return try list(a.items + b.items, a.kind, isTrusted: a.isTrusted && b.isTrusted)
        case (.multiply, _, _):
            if let count = right.int { return try repeated(left, count) }
            if let count = left.int { return try repeated(right, count) }
        case (.remainder, .string(let format), _): return .string(try formatPercent(format, right))
        default: break
        }
        if case .undefined = left { throw misuse(of: left, "") }
        if case .undefined = right { throw misuse(of: right, "") }
        throw .fault(
            "'\(kind.rawValue)' between \(left.kind) and \(right.kind); convert one of them, for example with |string")
    }

    private func add(_ left: Text, _ right: Text) throws(TemplateError) -> Value {
        try checkText(left.count + right.count)
        if left.isMarkup != right.isMarkup {
            var joined = left.escaped()
            joined.append(right.escaped())
            joined.isMarkup = true
            return .string(joined)
        }
        var joined = left
        joined.append(right)
        return .string(joined)
    }

    private func repeated(_ value: Value, _ count: Int) throws(TemplateError) -> Value {
        let count = max(0, count)
        switch value {
        case .string(let text):
            let (length, overflows) = text.count.multipliedReportingOverflow(by: count)
            try checkText(overflows ? Int.max : length)
            try charge(text.isEmpty ? 1 : count)
            return .string(text.repeated(count))
        case .list(let items) where !items.kind.isView:
            let (length, overflows) = items.items.count.multipliedReportingOverflow(by: count)
            try checkList(overflows ? Int.max : length)
            if items.items.isEmpty { return value }
            var result: [Value] = []
            for _ in 0..<count { result += items.items }
            return try list(result, items.kind, isTrusted: items.isTrusted)
        default: throw misuse(of: value, "a multiplication")
        }
    }

    private func combineInts(_ kind: Expression.Operation.Kind, _ left: Int, _ right: Int) throws(TemplateError)
        -> Value
    {
        let result: (Int, Bool)
        switch kind {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide:
            if right == 0 { throw .fault("a division by zero") }
            return .float(Double(left) / Double(right))
        case .floorDivide, .remainder:
            if right == 0 { throw .fault("a division by zero") }
            let (quotient, overflows) = left.dividedReportingOverflow(by: right)
            if overflows {
                result = (0, kind == .floorDivide)
            } else {
                let remainder = left - quotient * right
                let rounds = remainder != 0 && (remainder < 0) != (right < 0)
                result =
                    kind == .floorDivide
                    ? (rounds ? quotient - 1 : quotient, false) : (rounds ? remainder + right : remainder, false)
            }
        case .power:
            if right < 0 {
                if left == 0 { throw .fault("zero to a negative power") }
                return .float(pow(Double(left), Double(right)))
            }
            result = power(left, right)
        }
        if result.1 { throw .fault("\(left) \(kind.rawValue) \(right) does not fit 64 bits") }
        return .int(result.0)
    }

    private func power(_ base: Int, _ exponent: Int) -> (Int, Bool) {
        if base == 0 || base == 1 { return (exponent == 0 ? 1 : base, false) }
        if base == -1 { return (exponent % 2 == 0 ? 1 : -1, false) }
        // Any other base leaves 64 bits before the 64th factor.
        var result = 1
        for _ in 0..<min(exponent, 64) {
            let (next, overflows) = result.multipliedReportingOverflow(by: base)
            if overflows { return (0, true) }
            result = next
        }
        return (result, exponent > 64)
    }

    private func combineFloats(
        _ kind: Expression.Operation.Kind, _ left: Double, _ right: Double
    ) throws(TemplateError) -> Value {
        switch kind {
        case .add: return .float(left + right)
        case .subtract: return .float(left - right)
        case .multiply: return .float(left * right)
        default: break
        }
        if kind != .power, right == 0 { throw .fault("a division by zero") }
        switch kind {
        case .divide: return .float(left / right)
        case .floorDivide: return .float(floorDivide(left, right).quotient)
        case .remainder: return .float(floorDivide(left, right).remainder)
        default:
            if left == 0, right < 0 { throw .fault("zero to a negative power") }
            if left < 0, left.isFinite, right.isFinite, right != right.rounded() {
                throw .unsupported(line: 0, what: "complex numbers")
            }
            let result = pow(left, right)
            if result.isInfinite, left.isFinite, right.isFinite { throw .fault("\(left) ** \(right) is too large") }
            return .float(result)
        }
    }

    /// Python's `divmod` of floats: the remainder has the divisor's sign.
    private func floorDivide(_ left: Double, _ right: Double) -> (quotient: Double, remainder: Double) {
        var remainder = fmod(left, right)
        var quotient = (left - remainder) / right
        if remainder != 0 {
            if (right < 0) != (remainder < 0) {
                remainder += right
                quotient -= 1
            }
        } else {
            remainder = right < 0 ? -0.0 : 0.0
        }
        if quotient == 0 { return (left / right < 0 ? -0.0 : 0.0, remainder) }
        let floor = quotient.rounded(.down)
        return (quotient - floor > 0.5 ? floor + 1 : floor, remainder)
    }
}

extension Value {
    /// A number as a float; booleans are numbers.
    var number: Double? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }
}
