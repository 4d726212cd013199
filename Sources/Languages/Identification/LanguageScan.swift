/// One text's pass: letters counted by script, and the n-gram sums of every script that has a table.
///
/// The memory is the caller's, `memoryCount` zeros:
///
///     letters by script | features by script | sums: a block of 32 for each table
struct LanguageScan {
    private let model: LanguageModel
    private let letters: UnsafeMutablePointer<Int32>
    private let features: UnsafeMutablePointer<Int32>
    private let sums: UnsafeMutablePointer<Int32>

    static let widthMax = 32
    private static let scripts = Script.allCases.count
    private static let wordSeed: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let wordMultiplier: UInt64 = 0x0000_0100_0000_01B3
    /// Letters of a word from which on it is looked up whole; shorter ones are one of the n-grams.
    private static let wordLettersMin = 3
    /// A run of letters is cut here, so that sums cannot overflow and a hostile "word" is no trouble.
    private static let runLettersMax = 1 << 12

    static func memoryCount(_ model: LanguageModel) -> Int { 2 * scripts + model.blockCount * widthMax }

    init(model: LanguageModel, memory: UnsafeMutablePointer<Int32>) {
        self.model = model
        letters = memory
        features = memory + Self.scripts
        sums = memory + 2 * Self.scripts
    }

    /// Adds the text of a range.
    func add(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) {
        ScriptTable.shared.scripts.withUnsafeBufferPointer { scripts in
            ScriptTable.shared.folded.withUnsafeBufferPointer { folded in
                guard let scripts = scripts.baseAddress, let folded = folded.baseAddress else { return }
                let stream = LetterStream(bytes: bytes, end: end, scripts: scripts, folded: folded)
                var place = start
                while place < end { addRun(stream, &place) }
            }
        }
    }

    /// The letters from `place` on as far as they are of one script; what are no letters is passed over.
    private func addRun(_ stream: LetterStream, _ place: inout Int) {
        var first = stream.next(&place)
        while first.script == 0, place < stream.end { first = stream.next(&place) }
        guard first.script != 0 else { return }
        let script = Int(first.script)
        guard let table = model.tables[script] else { return countRun(stream, &place, first) }
        table.weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            switch (table.features, table.width) {
            case (.signs, _): addSigns(stream, &place, first, weights, bits: table.bits)
            case (.words, 32):
                addWord(stream, &place, first, weights, bits: table.bits, rows: RowSums<SIMD16<UInt16>>())
            default:
                addWord(stream, &place, first, weights, bits: table.bits, rows: RowSums<SIMD8<UInt16>>())
            }
        }
    }

    /// Letters of a script that has one language.
    private func countRun(_ stream: LetterStream, _ place: inout Int, _ first: LetterStream.Letter) {
        var count: Int32 = 1
        while place < stream.end {
            let before = place
            guard stream.next(&place).script == first.script else {
                place = before
                break
            }
            count += 1
        }
        letters[Int(first.script)] += count
    }

    /// A word: its 2-, 3- and 4-grams with the spaces around it, and itself.
    @inline(__always)
    private func addWord<Pairs>(
        _ stream: LetterStream, _ place: inout Int, _ first: LetterStream.Letter, _ weights: UnsafePointer<UInt8>,
        bits: Int, rows empty: RowSums<Pairs>
    ) {
        let width = 2 * Pairs.scalarCount
        let shift = UInt64(64 - bits)
        let into = sums + model.blocks[Int(first.script)] * Self.widthMax
        var rows = empty
        var last: UInt64 = 0x20
        var word = Self.wordSeed
        var count = 0
        var letter = first
        while true {
            last = last << 16 | UInt64(letter.folded)
            word = (word ^ UInt64(letter.folded)) &* Self.wordMultiplier
            count += 1
            Self.addGrams(last, count, weights, shift, width, &rows)
            if rows.isFull { rows.flush(to: into) }
            let before = place
            guard place < stream.end, count < Self.runLettersMax else { break }
            letter = stream.next(&place)
            guard letter.script == first.script else {
                place = before
                break
            }
        }
        Self.addGrams(last << 16 | 0x20, count + 1, weights, shift, width, &rows)
        // Pairs: one more than letters; triples: as many; fours: one fewer.
        features[Int(first.script)] += Int32(3 * count)
        if count >= Self.wordLettersMin {
            rows.add(weights + Int((word &* NGramTable.wordFactor) >> shift) * width)
            features[Int(first.script)] += 1
        }
        rows.flush(to: into)
        letters[Int(first.script)] += Int32(count)
    }

    /// The n-grams that end with the last of `count` scalars behind a space.
    @inline(__always)
    private static func addGrams<Pairs>(
        _ last: UInt64, _ count: Int, _ weights: UnsafePointer<UInt8>, _ shift: UInt64, _ width: Int,
        _ rows: inout RowSums<Pairs>
    ) {
        rows.add(weights + Int(((last & 0xFFFF_FFFF) &* NGramTable.pairFactor) >> shift) * width)
        guard count >= 2 else { return }
        rows.add(weights + Int(((last & 0xFFFF_FFFF_FFFF) &* NGramTable.tripleFactor) >> shift) * width)
        guard count >= 3 else { return }
        rows.add(weights + Int((last &* NGramTable.fourFactor) >> shift) * width)
    }

    /// Ideographs and kana: each, and each pair of neighbours. Rows of four bytes.
    private func addSigns(
        _ stream: LetterStream, _ place: inout Int, _ first: LetterStream.Letter, _ weights: UnsafePointer<UInt8>,
        bits: Int
    ) {
        let (han, kana) = (Script.han.rawValue, Script.kana.rawValue)
        let shift = UInt64(64 - bits)
        let into = sums + model.blocks[Int(han)] * Self.widthMax
        var rows = RowSums<SIMD2<UInt16>>()
        var last: UInt64 = 0
        var count: Int32 = 0
        var kanas: Int32 = 0
        var letter = first
        while true {
            last = last << 16 & 0xFFFF_FFFF | UInt64(letter.folded)
            rows.add(weights + Int(((last & 0xFFFF) &* NGramTable.signFactor) >> shift) * 4)
            if count > 0 { rows.add(weights + Int((last &* NGramTable.pairFactor) >> shift) * 4) }
            if rows.isFull { rows.flush(to: into) }
            count += 1
            if letter.script == kana { kanas += 1 }
            let before = place
            guard place < stream.end, count < Self.runLettersMax else { break }
            letter = stream.next(&place)
            guard letter.script == han || letter.script == kana else {
                place = before
                break
            }
        }
        rows.flush(to: into)
        features[Int(han)] += 2 * count - 1
        letters[Int(han)] += count - kanas
        letters[Int(kana)] += kanas
    }

    /// The language of the script with most text.
    func result() -> (language: WrittenLanguage, confidence: Float) {
        var total: Int32 = 0
        var most: Int32 = 0
        var script = Script.none
        for candidate in Script.allCases where candidate != .kana {
            var weight = letters[Int(candidate.rawValue)] * candidate.lettersPerSign
            if candidate == .han { weight += letters[Int(Script.kana.rawValue)] * Script.kana.lettersPerSign }
            total += weight
            if weight > most { (most, script) = (weight, candidate) }
        }
        guard total > 0 else { return (.unknown, 0) }
        let share = Float(most) / Float(total)
        guard let table = model.tables[Int(script.rawValue)] else {
            return script.onlyLanguage.map { ($0, share) } ?? (.unknown, 0)
        }
        let block = sums + model.blocks[Int(script.rawValue)] * Self.widthMax
        let best = table.best(sums: block, count: Int(features[Int(script.rawValue)]))
        return (best.language, best.probability * share)
    }
}
