/// The pattern of GPT-4o, and of Mistral's Tekken: words end where lower case ends and capitals begin.
///
///     P U* L+ C? | P U+ L* C? | \p{N}{1,digitsMax} |  ?[^\s\p{L}\p{N}]+[\r\n/]* | \s*[\r\n]+ | \s+(?!\S) | \s+
///
///     P  [^\r\n\p{L}\p{N}]?                    U  [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
///     C  (?i:'s|'t|'re|'ve|'m|'ll|'d), or nothing    L  [\p{Ll}\p{Lm}\p{Lo}\p{M}]
struct CasedWordPattern: Sendable, Equatable {
    /// Digits in one piece: 3 for GPT-4o, 1 for Tekken.
    var digitsMax = 3
    var takesContractions = true

    func end(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int {
        let first = reader.unit(text, start)
        if !first.has(ScalarClasses.letter | ScalarClasses.number), !first.isNewline, first.next < limit,
            let end = wordEnd(text, first.next, limit, reader)
        {
            return end
        }
        if let end = wordEnd(text, start, limit, reader) { return end }
        if first.has(ScalarClasses.number) {
            var end = first.next
            for _ in 1..<max(digitsMax, 1) where end < limit {
                let unit = reader.unit(text, end)
                if !unit.has(ScalarClasses.number) { break }
                end = unit.next
            }
            return end
        }
        let notSymbol = ScalarClasses.letter | ScalarClasses.number | ScalarClasses.space
        var body = first
        if first.scalar == 0x20, first.next < limit { body = reader.unit(text, first.next) }
        if !body.has(notSymbol) {
            var end = reader.endOfRun(text, body.next, limit, without: notSymbol)
            while end < limit, text[end] == 0x0A || text[end] == 0x0D || text[end] == 0x2F { end += 1 }
            return end
        }
        return reader.endOfSpace(text, start, limit, splitsAtNewlines: true)
    }

    /// `U*L+` or else `U+L*`, then a contraction.
    ///
    /// When the capitals are not followed by lower case, `U*` gives back scalars until one that is also in L ends
    /// the word; with none of those the second alternative takes all capitals.
    private func wordEnd(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int? {
        var capitalsEnd = start
        var lastSharedEnd: Int?
        while capitalsEnd < limit {
            let unit = reader.unit(text, capitalsEnd)
            if !Self.isCapital(unit) { break }
            capitalsEnd = unit.next
            if Self.isSmall(unit) { lastSharedEnd = unit.next }
        }
        var end = capitalsEnd
        while end < limit {
            let unit = reader.unit(text, end)
            if !Self.isSmall(unit) { break }
            end = unit.next
        }
        if end == capitalsEnd, let shared = lastSharedEnd { end = shared }
        guard end > start else { return nil }
        if takesContractions, end < limit, text[end] == 0x27 {
            return WordPattern.contractionEnd(text, end, limit, anyCase: true) ?? end
        }
        return end
    }

    private static func isCapital(_ unit: ScalarReader.Unit) -> Bool {
        unit.has(ScalarClasses.mark) || (unit.has(ScalarClasses.letter) && !unit.has(ScalarClasses.lowercase))
    }

    private static func isSmall(_ unit: ScalarReader.Unit) -> Bool {
        unit.has(ScalarClasses.mark) || (unit.has(ScalarClasses.letter) && !unit.has(ScalarClasses.uppercase))
    }
}
