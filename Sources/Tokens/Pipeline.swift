/// The way of a text: added tokens, normaliser, pre-tokenizer, model.
struct Pipeline: Sendable {
    enum Model: Sendable {
        case bytePair(BytePairModel)
        case sentencePiece(SentencePieceModel)
        case unigram(UnigramModel)
    }

    /// What is known of a text, or wanted for the bytes of it that are not UTF-8.
    enum Validity: Sendable { case isUTF8, replacesBytes, keepsBytes }

    /// A space that is put before texts: before each between added tokens, before the first only, or before every
    /// piece; and whether also before one that begins with a space.
    enum SpacePrefix: Sendable { case never, always, alwaysButBeforeSpace, firstButBeforeSpace, everyPiece }

    /// A part between added tokens that begins the text, comes later, or goes on after a border.
    private enum PartPlace { case first, later, goesOn }

    var model: Model
    var preTokenizer: PreTokenizer?
    /// Added tokens that are looked for in the text as it is.
    var added = AddedTokenTrie()
    /// Added tokens that are looked for in normalised text.
    var addedAfterNormalizing = AddedTokenTrie()
    var normalizer = Normalizer()
    var spacePrefix = SpacePrefix.never

    /// Appends the tokens of a text.
    func encode(
        _ text: [UInt8], _ validity: Validity, _ trust: Trust, _ scratch: inout Scratch, into output: inout [Int32]
    ) {
        added.split(text, 0, text.count, trust) { range in
            if validity == .keepsBytes, case .bytePair(let model) = model, case .bytes = model.symbols {
                encodeKeeping(Array(text[range]), model, trust, &scratch, into: &output)
            } else {
                encode(part: range, of: text, isUTF8: validity == .isUTF8, trust, &scratch, into: &output)
            }
        } token: { id in
            output.append(id)
        }
    }

    /// Appends the tokens of a text, of which none reaches over a border.
    ///
    /// What follows a border within a stretch of ordinary text goes on with it: no space is put before.
    ///
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - borders: places in it, ascending, between scalars.
    /// - Returns: for each border the tokens before it.
    func encode(
        _ text: [UInt8], borders: [Int], _ trust: Trust, _ scratch: inout Scratch, into output: inout [Int32]
    ) -> [Int] {
        var counts: [Int] = []
        var start = 0
        var isInText = false
        for end in borders + [text.count] {
            added.split(text, start, end, trust) { range in
                encode(
                    part: range, of: text, isUTF8: true, trust, &scratch, into: &output,
                    goesOn: isInText && range.lowerBound == start)
                isInText = true
            } token: { id in
                output.append(id)
                isInText = false
            }
            counts.append(output.count)
            start = end
        }
        return counts.dropLast()
    }

    /// Bytes between added tokens: text as text, and every byte that is none as its own token.
    private func encodeKeeping(
        _ bytes: [UInt8], _ model: BytePairModel, _ trust: Trust, _ scratch: inout Scratch, into output: inout [Int32]
    ) {
        var i = 0
        while i < bytes.count {
            let stray = LenientUTF8.firstInvalid(bytes, from: i) ?? bytes.count
            if i < stray { encode(part: i..<stray, of: bytes, isUTF8: true, trust, &scratch, into: &output) }
            guard stray < bytes.count else { return }
            let id = model.byteTokens[Int(bytes[stray])]
            if id >= 0 { output.append(id) } else if let unknown = model.unknown { output.append(unknown) }
            i = stray + 1
        }
    }

    /// One text between added tokens.
    private func encode(
        part range: Range<Int>, of text: [UInt8], isUTF8: Bool, _ trust: Trust, _ scratch: inout Scratch,
        into output: inout [Int32], goesOn: Bool = false
    ) {
        var isUTF8 = isUTF8
        var start = range.lowerBound
        var end = range.upperBound
        var text = text
        if !isUTF8 {
            let bytes = Array(text[range])
            isUTF8 = LenientUTF8.firstInvalid(bytes) == nil
            if case .sentencePiece(let model) = model, !isUTF8 {
                model.encodeInvalid((spacePrefix == .always ? [0x20] : []) + bytes[...], &scratch, into: &output)
                return
            }
            text = isUTF8 || normalizer.takesAnyBytes ? bytes : LenientUTF8.mended(bytes)
            (start, end) = (0, text.count)
        }
        if normalizer.isNeeded(text, start, end) {
            text = normalizer.apply(Array(text[start..<end]))
            (start, end) = (0, text.count)
        }
        let place: PartPlace = goesOn ? .goesOn : range.lowerBound == 0 ? .first : .later
        if addedAfterNormalizing.isEmpty {
            encode(text, start, end, place, &scratch, into: &output)
        } else {
            addedAfterNormalizing.split(text, start, end, Trust(everywhere: trust.everywhere)) {
                encode(
                    text, $0.lowerBound, $0.upperBound, $0.lowerBound == start ? place : .later, &scratch,
                    into: &output)
            } token: {
                output.append($0)
            }
        }
    }

    private func encode(
        _ text: [UInt8], _ start: Int, _ end: Int, _ place: PartPlace, _ scratch: inout Scratch,
        into output: inout [Int32]
    ) {
        guard start < end else { return }
        let isFirst = place == .first
        let takesPrefix =
            switch spacePrefix {
            case _ where place == .goesOn: false
            case .never, .everyPiece: false
            case .always: true
            case .alwaysButBeforeSpace: text[start] != 0x20
            case .firstButBeforeSpace: isFirst && text[start] != 0x20
            }
        if takesPrefix {
            encode([0x20] + text[start..<end], 0, end - start + 1, &scratch, into: &output)
        } else {
            encode(text, start, end, &scratch, into: &output)
        }
    }

    private func encode(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, into output: inout [Int32])
    {
        switch model {
        case .bytePair(let model):
            if spacePrefix == .everyPiece {
                forEachPrefixedPiece(text, start, end) { model.encode($0, 0, $0.count, &scratch, into: &output) }
            } else if let preTokenizer {
                preTokenizer.forEachPiece(text, start, end) { model.encode(text, $0, $1, &scratch, into: &output) }
            } else {
                model.encodeWhole(text, start, end, &scratch, into: &output)
            }
        case .sentencePiece(let model): model.encode(text, start, end, &scratch, into: &output)
        case .unigram(let model):
            if spacePrefix == .everyPiece {
                forEachPrefixedPiece(text, start, end) { model.encode($0, 0, $0.count, &scratch, into: &output) }
            } else if let preTokenizer {
                preTokenizer.forEachPiece(text, start, end) { model.encode(text, $0, $1, &scratch, into: &output) }
            } else {
                model.encode(text, start, end, &scratch, into: &output)
            }
        }
    }

    private func forEachPrefixedPiece(_ text: [UInt8], _ start: Int, _ end: Int, _ body: ([UInt8]) -> Void) {
        guard let preTokenizer else { return body([0x20] + text[start..<end]) }
        preTokenizer.forEachPiece(text, start, end) { body((text[$0] == 0x20 ? [] : [0x20]) + text[$0..<$1]) }
    }
}
