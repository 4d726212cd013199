extension Renderer {
    @inline(never)
    func evaluate(_ expression: Expression) throws(TemplateError) -> Value {
        try enter()
        defer { leave() }
        switch expression {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value): return .float(value)
        case .string(let text): return .string(text)
        case .name(let symbol):
            return lookUp(symbol, from: scope) ?? .undefined(Undefined(name: program.names[symbol]))
        case .list(let items): return try list(try evaluate(items))
        case .tuple(let items): return try list(try evaluate(items), .tuple)
        case .dict(let pairs): return try evaluate(pairs)
        case .not(let count, let value): return .bool(try evaluate(value).isTrue == (count % 2 == 0))
        case .signed(let signs, let value): return try evaluate(signs, value)
        case .or(let items): return try firstOf(items, where: true)
        case .and(let items): return try firstOf(items, where: false)
        case .compare(let first, let comparisons): return .bool(try evaluate(first, comparisons))
        case .arithmetic(let first, let operations): return try evaluate(first, operations)
        case .concatenation(let items): return try concatenate(items)
        case .conditional(let test, let then, let otherwise): return try evaluate(test, then, otherwise)
        case .postfix(let value, let chain): return try follow(try evaluate(value), chain)
        }
    }

    @inline(never)
    func evaluate(_ items: [Expression]) throws(TemplateError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(try evaluate(item)) }
        return values
    }

    @inline(never)
    private func evaluate(_ pairs: [Expression.Pair]) throws(TemplateError) -> Value {
        var members = DictMembers()
        for pair in pairs {
            let key = try evaluate(pair.key)
            try chargeKey(key)
            try members.set(key, try evaluate(pair.value))
        }
        return try dict(members)
    }

    @inline(never)
    private func evaluate(_ signs: [Bool], _ operand: Expression) throws(TemplateError) -> Value {
        var value = try evaluate(operand)
        try charge(signs.count)
        for isMinus in signs {
            switch value {
            case .int, .bool:
                let int = value.int ?? 0
                let (negative, overflows) = 0.subtractingReportingOverflow(int)
                if isMinus, overflows { throw .fault("\(int) has no negative in 64 bits") }
                value = .int(isMinus ? negative : int)
            case .float(let float): value = .float(isMinus ? -float : float)
            default: throw misuse(of: value, "a sign before it")
            }
        }
        return value
    }

    /// The first item whose truth is `truth`, else the last.
    @inline(never)
    private func firstOf(_ items: [Expression], where truth: Bool) throws(TemplateError) -> Value {
        var value = Value.none
        for item in items {
            value = try evaluate(item)
            if value.isTrue == truth { return value }
        }
        return value
    }

    @inline(never)
    private func evaluate(
        _ first: Expression, _ comparisons: [Expression.Comparison]
    ) throws(TemplateError) -> Bool {
        var left = try evaluate(first)
        for comparison in comparisons {
            let right = try evaluate(comparison.operand)
            if try !holds(comparison.relation, left, right) { return false }
            left = right
        }
        return true
    }

    func holds(
        _ relation: Expression.Comparison.Relation, _ left: Value, _ right: Value
    ) throws(TemplateError) -> Bool {
        switch relation {
        case .equal: try isEqual(left, right)
        case .unequal: try !isEqual(left, right)
        case .less: try compare(left, right, "<") { $0 < 0 }
        case .lessOrEqual: try compare(left, right, "<=") { $0 <= 0 }
        case .greater: try compare(left, right, ">") { $0 > 0 }
        case .greaterOrEqual: try compare(left, right, ">=") { $0 >= 0 }
        case .isIn: try contains(right, left)
        case .isNotIn: try !contains(right, left)
        }
    }

    @inline(never)
    private func evaluate(
        _ first: Expression, _ operations: [Expression.Operation]
    ) throws(TemplateError) -> Value {
        var value = try evaluate(first)
        for operation in operations {
            value = try combine(operation.kind, value, try evaluate(operation.operand))
        }
        return value
    }

    @inline(never)
    private func concatenate(_ items: [Expression]) throws(TemplateError) -> Value {
        var text = Text()
        for item in items {
            let part = try string(try evaluate(item))
            if text.count + part.count > limits.stringCharactersMax { try checkText(text.count + part.count) }
            try charge(part)
            text.append(part)
        }
        text.isMarkup = false
        return .string(text)
    }

    @inline(never)
    private func evaluate(
        _ test: Expression, _ then: Expression, _ otherwise: Expression?
    ) throws(TemplateError) -> Value {
        if try evaluate(test).isTrue { return try evaluate(then) }
        if let otherwise { return try evaluate(otherwise) }
        return .undefined(Undefined(name: "else", owner: "an inline if"))
    }

    /// Members, calls, filters and tests after a value.
    @inline(never)
    func follow(_ start: Value, _ chain: [Expression.Postfix]) throws(TemplateError) -> Value {
        var value = start
        for link in chain {
            try charge(1)
            switch link {
            case .attribute(let text, let name): value = try attribute(text, name, of: value)
            case .item(let index): value = try item(try evaluate(index), of: value)
            case .slice(let start, let stop, let step): value = try slice(value, start, stop, step)
            case .call(let arguments): value = try call(value, try evaluate(arguments))
            case .filter(let name, let arguments): value = try filter(name, value, try evaluate(arguments))
            case .test(let name, let arguments, let isNegated):
                value = .bool(try test(name, value, try evaluate(arguments)) != isNegated)
            }
        }
        return value
    }

    func misuse(of value: Value, _ use: String) -> TemplateError {
        if case .undefined(let undefined) = value { return .fault(undefined.description) }
        return .fault("\(value.kind) does not take \(use)")
    }
}
