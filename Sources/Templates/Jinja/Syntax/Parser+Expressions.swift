extension Parser {
    /// Expressions with commas between them, one expression without.
    mutating func parseTuple(
        allowsConditional: Bool = true, end: String? = nil, isInParentheses: Bool = false
    ) throws(TemplateError) -> Expression {
        var items: [Expression] = []
        var isTuple = false
        while !isTupleEnd(end) {
            items.append(allowsConditional ? try parseExpression() : try parseChain(.or))
            guard skip(.comma) else { break }
            isTuple = true
        }
        if isTuple { return .tuple(items) }
        if let first = items.first { return first }
        if isInParentheses { return .tuple([]) }
        throw fault("an expression should stand where \(current.description) does")
    }

    private func isTupleEnd(_ end: String?) -> Bool {
        switch current {
        case .printEnd, .blockEnd, .symbol(.closeParenthesis): true
        case .name(let name): name == end
        default: false
        }
    }

    mutating func parseExpression() throws(TemplateError) -> Expression {
        try enter()
        defer { leave() }
        let known = unknown.count
        var value = try parseChain(.or)
        while skip(word: "if") {
            defer { unknown.removeSubrange(known...) }
            let test = try parseChain(.or)
            let otherwise = skip(word: "else") ? try parseExpression() : nil
            value = .conditional(test: test, then: value, otherwise: otherwise)
        }
        return value
    }

    /// The ranks of operators, from the loosest.
    enum Rank: Int, Comparable {
        case or, and, not, compare, add, concatenate, multiply, power, unary
        static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
        var tighter: Rank { Rank(rawValue: rawValue + 1) ?? .unary }
    }

    /// A chain of operators that bind at least as tightly as `rank`.
    mutating func parseChain(_ rank: Rank) throws(TemplateError) -> Expression {
        if rank == .unary { return try parseUnary(allowsFilter: true) }
        try enter()
        defer { leave() }
        if rank <= .not, current == .name("not") {
            var count = 0
            while skip(word: "not") { count += 1 }
            return try parseRest(of: .not(count: count, try parseChain(.compare)), rank)
        }
        return try parseRest(of: try parseUnary(allowsFilter: true), rank)
    }

    /// Operators and operands after the first, each chain of one rank becoming one node. Operators come in any order
    /// of ranks; one that binds tighter than the last has been taken by the last one's operand.
    private mutating func parseRest(of first: Expression, _ loosest: Rank) throws(TemplateError) -> Expression {
        var value = first
        while let rank = currentRank(), rank >= loosest {
            switch rank {
            case .or:
                var items = [value]
                while skip(word: "or") { items.append(try parseChain(.and)) }
                value = .or(items)
            case .and:
                var items = [value]
                while skip(word: "and") { items.append(try parseChain(.not)) }
                value = .and(items)
            case .compare:
                value = .compare(value, try parseComparisons())
            case .concatenate:
                var items = [value]
                while skip(.tilde) { items.append(try parseChain(.multiply)) }
                value = .concatenation(items)
            default:
                value = .arithmetic(value, try parseOperations(rank))
            }
        }
        return value
    }

    private func currentRank() -> Rank? {
        switch current {
        case .name("or"): return .or
        case .name("and"): return .and
        case .name("in"): return .compare
        case .name("not"): return next == .name("in") ? .compare : nil
        case .symbol(let symbol):
            switch symbol {
            case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: return .compare
            case .plus, .minus: return .add
            case .tilde: return .concatenate
            case .times, .divide, .floorDivide, .remainder: return .multiply
            case .power: return .power
            default: return nil
            }
        default: return nil
        }
    }

    private mutating func parseComparisons() throws(TemplateError) -> [Expression.Comparison] {
        var comparisons: [Expression.Comparison] = []
        while currentRank() == .compare {
            let relation: Expression.Comparison.Relation
            switch current {
            case .name("in"): relation = .isIn
            case .name:
                relation = .isNotIn
                advance()
            case .symbol(.equal): relation = .equal
            case .symbol(.unequal): relation = .unequal
            case .symbol(.less): relation = .less
            case .symbol(.lessOrEqual): relation = .lessOrEqual
            case .symbol(.greater): relation = .greater
            default: relation = .greaterOrEqual
            }
            advance()
            comparisons.append(Expression.Comparison(relation: relation, operand: try parseChain(.add)))
        }
        return comparisons
    }

    private mutating func parseOperations(_ rank: Rank) throws(TemplateError) -> [Expression.Operation] {
        var operations: [Expression.Operation] = []
        while currentRank() == rank, case .symbol(let symbol) = current,
            let kind = Expression.Operation.Kind(rawValue: symbol.rawValue)
        {
            advance()
            operations.append(Expression.Operation(kind: kind, operand: try parseChain(rank.tighter)))
        }
        return operations
    }

    /// Signs, a primary value and what follows it. A sign binds tighter than a filter and looser than a member.
    private mutating func parseUnary(allowsFilter: Bool) throws(TemplateError) -> Expression {
        var signs: [Bool] = []
        while current == .symbol(.minus) || current == .symbol(.plus) {
            signs.append(current == .symbol(.minus))
            advance()
        }
        let value = try parsePrimary()
        var members: [Expression.Postfix] = []
        while let member = try parseMember() { members.append(member) }
        if signs.isEmpty {
            while allowsFilter, let filter = try parseFilterOrTest() { members.append(filter) }
            return members.isEmpty ? value : .postfix(value, members)
        }
        let signed = Expression.signed(signs.reversed(), members.isEmpty ? value : .postfix(value, members))
        var filters: [Expression.Postfix] = []
        while allowsFilter, let filter = try parseFilterOrTest() { filters.append(filter) }
        return filters.isEmpty ? signed : .postfix(signed, filters)
    }

    mutating func parsePrimary() throws(TemplateError) -> Expression {
        let token = current
        switch token {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return .bool(true)
            case "false", "False": return .bool(false)
            case "none", "None": return .none
            default: return .name(read(name))
            }
        case .string:
            var text: [Unicode.Scalar] = []
            while case .string(let part) = current {
                text += part
                advance()
            }
            return .string(Text(scalars: text, isTrusted: true))
        case .int(let value):
            advance()
            return .int(value)
        case .float(let value):
            advance()
            return .float(value)
        case .symbol(.openParenthesis):
            advance()
            let value = try parseTuple(isInParentheses: true)
            try expect(.symbol(.closeParenthesis))
            return value
        case .symbol(.openBracket): return try parseList()
        case .symbol(.openBrace): return try parseDict()
        default: throw fault("\(token.description) does not belong here")
        }
    }

    private mutating func parseList() throws(TemplateError) -> Expression {
        advance()
        var items: [Expression] = []
        while !skip(.closeBracket) {
            if !items.isEmpty {
                try expect(.symbol(.comma))
                if skip(.closeBracket) { break }
            }
            items.append(try parseExpression())
        }
        return .list(items)
    }

    private mutating func parseDict() throws(TemplateError) -> Expression {
        advance()
        var pairs: [Expression.Pair] = []
        while !skip(.closeBrace) {
            if !pairs.isEmpty {
                try expect(.symbol(.comma))
                if skip(.closeBrace) { break }
            }
            let key = try parseExpression()
            try expect(.symbol(.colon))
            pairs.append(Expression.Pair(key: key, value: try parseExpression()))
        }
        return .dict(pairs)
    }
}
