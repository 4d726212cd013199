/// Takes a template's source apart, with white space control as Hugging Face sets it: `trim_blocks` (the line end after
/// a `%}` or `#}` goes) and `lstrip_blocks` (so do spaces before a `{%` or `{#` that starts its line).
///
///     data ──{{──▸ expression ──}}──▸ data        `{%-` also takes all white space before the tag,
///     data ──{%──▸ expression ──%}──▸ data        `-%}` all white space after it;
///     data ──{#──▸ comment    ──#}──▸ data        `{%+` and `+%}` take none.
struct Lexer {
    let source: [Unicode.Scalar]
    var position = 0
    var line = 1
    var tokens: [Token] = []
    /// The brackets that are open, by what closes each. `}}` ends nothing inside them.
    var open: [Token.Symbol] = []
    /// Whether the text before the position ends a line, or nothing stands before it.
    private var atLineStart = true

    static func tokens(_ source: String) throws(TemplateError) -> [Token] {
        var lexer = Lexer(source)
        try lexer.run()
        return lexer.tokens
    }

    private init(_ text: String) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(text.utf8.count)
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\r" || !(scalar == "\n" && afterReturn) { scalars.append(scalar == "\r" ? "\n" : scalar) }
            afterReturn = scalar == "\r"
        }
        if scalars.last == "\n" { scalars.removeLast() }
        source = scalars
    }

    private enum Opening { case print, block, comment }

    private mutating func run() throws(TemplateError) {
        while position < source.count {
            guard let (opening, place) = nextOpening() else {
                emit(.data(Array(source[position...])))
                break
            }
            try lexData(upTo: place, opening)
        }
        emit(.end)
    }

    private func nextOpening() -> (Opening, Int)? {
        var place = position
        while place + 1 < source.count {
            if source[place] == "{" {
                switch source[place + 1] {
                case "{": return (.print, place)
                case "%": return (.block, place)
                case "#": return (.comment, place)
                default: break
                }
            }
            place += 1
        }
        return nil
    }

    private mutating func lexData(upTo place: Int, _ opening: Opening) throws(TemplateError) {
        let text = source[position..<place]
        var next = place + 2
        let sign = next < source.count && (source[next] == "-" || source[next] == "+") ? source[next] : nil
        if sign != nil { next += 1 }
        emitData(stripped(text, sign: sign, isPrint: opening == .print))
        line += text.count { $0 == "\n" }
        position = next
        // A tag ends no line; only what follows its end may.
        atLineStart = false
        switch opening {
        case .comment: try lexComment()
        case .print:
            emit(.printBegin)
            try lexExpression(endsWith: "}")
        case .block:
            if let body = rawBody() { return try lexRaw(from: body) }
            emit(.blockBegin)
            try lexExpression(endsWith: "%")
        }
    }

    /// The text before a tag without the spaces that belong to the tag.
    private func stripped(
        _ text: ArraySlice<Unicode.Scalar>, sign: Unicode.Scalar?, isPrint: Bool
    ) -> ArraySlice<Unicode.Scalar> {
        if sign == "-" {
            var end = text.endIndex
            while end > text.startIndex, text[end - 1].isPythonSpace { end -= 1 }
            return text[..<end]
        }
        if sign == "+" || isPrint { return text }
        let lineEnd = text.lastIndex(of: "\n")
        let lineStart = lineEnd.map { $0 + 1 } ?? text.startIndex
        let isBlank = !text[lineStart...].isEmpty && text[lineStart...].allSatisfy(\.isPythonSpace)
        return isBlank && (lineEnd != nil || atLineStart) ? text[..<lineStart] : text
    }

    private mutating func emitData(_ text: ArraySlice<Unicode.Scalar>) {
        if !text.isEmpty { emit(.data(Array(text))) }
    }

    mutating func emit(_ kind: Token.Kind) { tokens.append(Token(kind: kind, line: line)) }

    func fault(_ reason: String) -> TemplateError { .syntax(line: line, reason: reason) }

    /// Passes over a tag's end at the position, if `closer` and `}` stand there, with the white space it takes.
    mutating func takeEnd(_ closer: Unicode.Scalar) -> Bool {
        var place = position
        let sign = place < source.count && (source[place] == "-" || source[place] == "+") ? source[place] : nil
        if sign == "+" && closer == "}" { return false }
        if sign != nil { place += 1 }
        guard place + 1 < source.count, source[place] == closer, source[place + 1] == "}" else { return false }
        place += 2
        if sign == "-" {
            while place < source.count, source[place].isPythonSpace { place += 1 }
        } else if sign == nil, closer != "}", place < source.count, source[place] == "\n" {
            place += 1
        }
        line += source[position..<place].count { $0 == "\n" }
        position = place
        atLineStart = source[place - 1] == "\n"
        return true
    }

    private mutating func lexComment() throws(TemplateError) {
        let start = line
        while position < source.count {
            let first = source[position]
            if first == "#" || first == "-" || first == "+", takeEnd("#") { return }
            if first == "\n" { line += 1 }
            position += 1
        }
        throw .syntax(line: start, reason: "a comment without '#}'")
    }
}

extension Lexer {
    /// Where the body of `{% raw %}` begins, when the tag at the position is one.
    fileprivate func rawBody() -> Int? {
        var place = position
        func skipSpace() { while place < source.count, source[place].isPythonSpace { place += 1 } }
        skipSpace()
        guard source[place...].starts(with: "raw".unicodeScalars) else { return nil }
        place += 3
        skipSpace()
        let strips = place < source.count && source[place] == "-"
        if strips { place += 1 }
        guard source[place...].starts(with: "%}".unicodeScalars) else { return nil }
        place += 2
        if strips { skipSpace() }
        return place
    }

    fileprivate mutating func lexRaw(from body: Int) throws(TemplateError) {
        line += source[position..<body].count { $0 == "\n" }
        atLineStart = source[body - 1] == "\n"
        var place = body
        while place + 1 < source.count {
            if source[place] == "{", source[place + 1] == "%", let end = endOfRaw(from: place + 2) {
                let sign: Unicode.Scalar? = "+-".unicodeScalars.contains(source[place + 2]) ? source[place + 2] : nil
                emitData(stripped(source[body..<place], sign: sign, isPrint: false))
                line += source[body..<end].count { $0 == "\n" }
                position = end
                if takeEnd("%") { return }
            }
            place += 1
        }
        throw fault("a raw block without 'endraw'")
    }

    /// Where the closing `%}` (with its sign) of an `endraw` begins.
    private func endOfRaw(from start: Int) -> Int? {
        var place = start
        if place < source.count, source[place] == "-" || source[place] == "+" { place += 1 }
        while place < source.count, source[place].isPythonSpace { place += 1 }
        guard source[place...].starts(with: "endraw".unicodeScalars) else { return nil }
        place += 6
        while place < source.count, source[place].isPythonSpace { place += 1 }
        var end = place
        if end < source.count, source[end] == "-" || source[end] == "+" { end += 1 }
        return source[end...].starts(with: "%}".unicodeScalars) ? place : nil
    }
}
