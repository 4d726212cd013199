extension Parser {
    /// Statements up to a tag that starts with one of `ends`, whose name becomes the current token; all if there are
    /// no `ends`.
    mutating func parseStatements(until ends: Set<String>) throws(TemplateError) -> [Statement] {
        try enter()
        defer { leave() }
        var statements: [Statement] = []
        while true {
            switch current {
            case .data(let scalars):
                statements.append(.data(Text(scalars: scalars, isTrusted: true)))
                advance()
            case .printBegin:
                let line = line
                advance()
                statements.append(.output([try parseTuple()], line: line))
                try expect(.printEnd)
            case .blockBegin:
                advance()
                if case .name(let name) = current, ends.contains(name) { return statements }
                statements.append(try parseStatement())
                try expect(.blockEnd)
            default:
                if ends.isEmpty { return statements }
                throw fault("the template ends where '\(ends.sorted().joined(separator: "' or '"))' should stand")
            }
        }
    }

    /// The body of a tag, from the tag's end to its closing tag.
    private mutating func parseBody(until ends: Set<String>) throws(TemplateError) -> [Statement] {
        _ = skip(.colon)
        try expect(.blockEnd)
        return try parseStatements(until: ends)
    }

    private mutating func parseBody(until end: String) throws(TemplateError) -> [Statement] {
        let body = try parseBody(until: [end])
        advance()
        return body
    }

    private mutating func parseStatement() throws(TemplateError) -> Statement {
        let line = line
        let tag = try expectName()
        switch tag {
        case "if": return try parseIf()
        case "for": return try parseFor(line)
        case "set": return try parseSet(line)
        case "macro": return try parseMacro(line)
        case "call": return try parseCall(line)
        case "filter": return try parseFilterBlock(line)
        case "with": return try parseWith(line)
        case "print": return try parsePrint(line)
        case "generation": return .generation(newScope(), body: try parseBlockBody(until: "endgeneration"))
        case "break", "continue":
            if openLoops == 0 { throw .syntax(line: line, reason: "'\(tag)' outside a loop") }
            return tag == "break" ? .breakLoop : .continueLoop
        case "include", "import", "from", "extends", "block", "autoescape":
            throw .unsupported(line: line, what: "the tag '\(tag)'")
        default: throw .syntax(line: line, reason: "the tag '\(tag)' is not known")
        }
    }

    /// A body that is a function of its own: no loop around it can be left from inside.
    private mutating func parseBlockBody(until end: String) throws(TemplateError) -> [Statement] {
        let loops = openLoops
        openLoops = 0
        defer { openLoops = loops }
        let known = unknown.count
        let body = try parseBody(until: end)
        try refuseUnknown(since: known)
        return body
    }

    private mutating func parseIf() throws(TemplateError) -> Statement {
        var branches: [Statement.Branch] = []
        let known = unknown.count
        defer { unknown.removeSubrange(known...) }
        while true {
            let line = line
            let test = try parseTuple(allowsConditional: false)
            let body = try parseBody(until: ["elif", "else", "endif"])
            branches.append(Statement.Branch(test: test, body: body, line: line))
            switch try expectName() {
            case "elif": continue
            case "else": return .branch(branches, otherwise: try parseBody(until: "endif"))
            default: return .branch(branches, otherwise: [])
            }
        }
    }

    private mutating func parseFor(_ line: Int) throws(TemplateError) -> Statement {
        let target = try parseTarget(allowsMember: false)
        try expect(.name("in"))
        let iterable = try parseTuple(allowsConditional: false, end: "recursive")
        let test = skip(word: "if") ? try parseExpression() : nil
        let isRecursive = skip(word: "recursive")
        let known = unknown.count
        openLoops += 1
        readers.append(Reader(isLoop: true))
        let body = try parseBody(until: ["endfor", "else"])
        openLoops -= 1
        let usesLoop = readers.removeLast().usesLoop
        var otherwise: [Statement] = []
        if try expectName() == "else" { otherwise = try parseBody(until: "endfor") }
        try refuseUnknown(since: known)
        return .loop(
            LoopStatement(
                target: target, iterable: iterable, test: test, isRecursive: isRecursive,
                usesLoop: usesLoop || isRecursive, body: body, otherwise: otherwise,
                scopes: (newScope(), newScope(), newScope()), line: line))
    }

    private mutating func parseSet(_ line: Int) throws(TemplateError) -> Statement {
        let target = try parseTarget(allowsMember: true)
        if skip(.assign) { return .assign(target, try parseTuple(), line: line) }
        var filters: [Expression.Postfix] = []
        while skip(.pipe) { filters.append(try parseFilter()) }
        let body = try parseBody(until: "endset")
        return .capture(target, newScope(), filters: filters, body: body, line: line)
    }

    private mutating func parseMacro(_ line: Int) throws(TemplateError) -> Statement {
        let name = try expectName()
        let symbol = symbol(name)
        let parameters = try parseParameters()
        return .macro(symbol, try parseDefinition(name, parameters, until: "endmacro", line))
    }

    private mutating func parseCall(_ line: Int) throws(TemplateError) -> Statement {
        let parameters = current == .symbol(.openParenthesis) ? try parseParameters() : []
        let call = try parseExpression()
        guard case .postfix(_, let chain) = call, case .call = chain.last else {
            throw .syntax(line: line, reason: "'call' needs the call of a macro")
        }
        return .call(call, try parseDefinition("caller", parameters, until: "endcall", line), line: line)
    }

    private mutating func parseDefinition(
        _ name: String, _ parameters: [MacroDefinition.Parameter], until end: String, _ line: Int
    ) throws(TemplateError) -> MacroDefinition {
        readers.append(Reader(isLoop: false))
        let body = try parseBlockBody(until: end)
        let uses = readers.removeLast().macroUses
        return MacroDefinition(
            name: name, parameters: parameters, body: body, scope: newScope(), uses: uses, line: line)
    }

    private mutating func parseParameters() throws(TemplateError) -> [MacroDefinition.Parameter] {
        var parameters: [MacroDefinition.Parameter] = []
        try expect(.symbol(.openParenthesis))
        while !skip(.closeParenthesis) {
            if !parameters.isEmpty { try expect(.symbol(.comma)) }
            let name = try expectName()
            let fallback = skip(.assign) ? try parseExpression() : nil
            if fallback == nil, parameters.last?.fallback != nil {
                throw fault("the parameter '\(name)' needs a default, as the one before has")
            }
            parameters.append(MacroDefinition.Parameter(name: name, symbol: symbol(name), fallback: fallback))
        }
        return parameters
    }

    private mutating func parseFilterBlock(_ line: Int) throws(TemplateError) -> Statement {
        var filters = [try parseFilter()]
        while skip(.pipe) { filters.append(try parseFilter()) }
        return .filter(newScope(), filters: filters, body: try parseBody(until: "endfilter"), line: line)
    }

    private mutating func parseWith(_ line: Int) throws(TemplateError) -> Statement {
        var bindings: [Statement.Binding] = []
        while current != .blockEnd {
            if !bindings.isEmpty { try expect(.symbol(.comma)) }
            let target = try parseTarget(allowsMember: false)
            try expect(.symbol(.assign))
            bindings.append(Statement.Binding(target: target, value: try parseExpression()))
        }
        return .with(newScope(), bindings, body: try parseBody(until: "endwith"), line: line)
    }

    private mutating func parsePrint(_ line: Int) throws(TemplateError) -> Statement {
        var values: [Expression] = []
        while current != .blockEnd {
            if !values.isEmpty { try expect(.symbol(.comma)) }
            values.append(try parseExpression())
        }
        return .output(values, line: line)
    }

    /// `a`, `a, b`, `(a, b), c` or, where allowed, `namespace.member`.
    private mutating func parseTarget(allowsMember: Bool) throws(TemplateError) -> Target {
        try enter()
        defer { leave() }
        var parts: [Target] = []
        var isTuple = false
        while true {
            if skip(.openParenthesis) {
                parts.append(try parseTarget(allowsMember: allowsMember))
                try expect(.symbol(.closeParenthesis))
            } else {
                let name = try expectName()
                if ["true", "false", "none", "True", "False", "None"].contains(name) {
                    throw fault("nothing can be assigned to '\(name)'")
                }
                if allowsMember, skip(.dot) {
                    parts.append(.member(symbol(name), Text(try expectName())))
                } else {
                    parts.append(.name(symbol(name)))
                }
            }
            guard skip(.comma) else { break }
            isTuple = true
            switch current {
            case .name("in"), .symbol(.assign), .blockEnd, .symbol(.closeParenthesis): return .tuple(parts)
            default: continue
            }
        }
        return isTuple ? .tuple(parts) : parts[0]
    }
}
