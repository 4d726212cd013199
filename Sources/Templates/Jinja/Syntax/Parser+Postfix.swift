extension Parser {
    /// `.name`, `[…]` or `(…)`; nil when none follows.
    mutating func parseMember() throws(TemplateError) -> Expression.Postfix? {
        switch current {
        case .symbol(.dot):
            advance()
            switch current {
            case .name(let name):
                advance()
                return .attribute(Text(name), name: name)
            case .int(let value):
                advance()
                return .item(.int(value))
            default: throw fault("a name or a number should follow '.'")
            }
        case .symbol(.openBracket):
            advance()
            return try parseSubscript()
        case .symbol(.openParenthesis): return .call(try parseArguments())
        default: return nil
        }
    }

    private mutating func parseSubscript() throws(TemplateError) -> Expression.Postfix {
        var items: [Expression] = []
        while !skip(.closeBracket) {
            if !items.isEmpty { try expect(.symbol(.comma)) }
            if current != .symbol(.colon) {
                items.append(try parseExpression())
                if current != .symbol(.colon) { continue }
            }
            let start = items.popLast()
            if !items.isEmpty { throw .unsupported(line: line, what: "a slice among other indices") }
            return try parseSlice(from: start)
        }
        return .item(items.count == 1 ? items[0] : .tuple(items))
    }

    private mutating func parseSlice(from start: Expression?) throws(TemplateError) -> Expression.Postfix {
        func isEnd(_ kind: Token.Kind) -> Bool { kind == .symbol(.colon) || kind == .symbol(.closeBracket) }
        try expect(.symbol(.colon))
        let stop = isEnd(current) ? nil : try parseExpression()
        var step: Expression?
        if skip(.colon), !isEnd(current) { step = try parseExpression() }
        try expect(.symbol(.closeBracket))
        return .slice(start: start, stop: stop, step: step)
    }

    /// `|filter`, `is test` or `(…)`; nil when none follows.
    mutating func parseFilterOrTest() throws(TemplateError) -> Expression.Postfix? {
        switch current {
        case .symbol(.pipe):
            advance()
            return try parseFilter()
        case .name("is"):
            advance()
            return try parseTest()
        case .symbol(.openParenthesis): return .call(try parseArguments())
        default: return nil
        }
    }

    /// A filter's name and arguments, without the `|`.
    mutating func parseFilter() throws(TemplateError) -> Expression.Postfix {
        let line = line
        let name = try parseDottedName()
        if !Renderer.filterNames.contains(name) { unknown.append(("filter '\(name)'", line)) }
        let arguments = current == .symbol(.openParenthesis) ? try parseArguments() : .none
        return .filter(name: name, arguments)
    }

    private mutating func parseDottedName() throws(TemplateError) -> String {
        var name = try expectName()
        while skip(.dot) { name += "." + (try expectName()) }
        return name
    }

    private mutating func parseTest() throws(TemplateError) -> Expression.Postfix {
        let isNegated = skip(word: "not")
        let line = line
        let name = try parseDottedName()
        if !Renderer.testNames.contains(name) { unknown.append(("test '\(name)'", line)) }
        var arguments = CallArguments.none
        switch current {
        case .symbol(.openParenthesis): arguments = try parseArguments()
        case .name("else"), .name("or"), .name("and"): break
        case .name("is"): throw fault("tests cannot be chained with 'is'")
        case .name, .string, .int, .float, .symbol(.openBracket), .symbol(.openBrace):
            let value = try parsePrimary()
            var members: [Expression.Postfix] = []
            while let member = try parseMember() { members.append(member) }
            arguments.positional = [members.isEmpty ? value : .postfix(value, members)]
        default: break
        }
        return .test(name: name, arguments, isNegated: isNegated)
    }

    mutating func parseArguments() throws(TemplateError) -> CallArguments {
        var arguments = CallArguments()
        try expect(.symbol(.openParenthesis))
        var isFirst = true
        while !skip(.closeParenthesis) {
            if !isFirst {
                try expect(.symbol(.comma))
                if skip(.closeParenthesis) { break }
            }
            isFirst = false
            if skip(.times) {
                if arguments.spread != nil || arguments.namedSpread != nil { throw badOrder() }
                arguments.spread = try parseExpression()
            } else if skip(.power) {
                if arguments.namedSpread != nil { throw badOrder() }
                arguments.namedSpread = try parseExpression()
            } else if case .name(let name) = current, next == .symbol(.assign) {
                if arguments.namedSpread != nil { throw badOrder() }
                advance()
                advance()
                arguments.named.append(CallArguments.Named(name: name, value: try parseExpression()))
            } else {
                if arguments.spread != nil || arguments.namedSpread != nil || !arguments.named.isEmpty {
                    throw badOrder()
                }
                arguments.positional.append(try parseExpression())
            }
        }
        return arguments
    }

    private func badOrder() -> TemplateError {
        fault("arguments stand in this order: values, name=value, *list, **dictionary")
    }
}
