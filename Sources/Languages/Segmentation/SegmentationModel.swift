/// What `words.bin` holds: jieba's dictionary and hidden Markov model.
/// script/languages/dictionary.py describes the file.
struct SegmentationModel: Sendable {
    let dictionary: WordDictionary
    let markov: HiddenMarkov

    static let magic = Array("DLSW\u{1}".utf8)
    static let wordsMax = 4 << 20
    private static let name = "words.bin"

    init(_ bytes: [UInt8]) throws(LanguagesError) {
        var reader = ByteReader(bytes, name: Self.name)
        guard try reader.take(5).elementsEqual(Self.magic) else { throw reader.broken("magic", "not DLSW 1") }
        let total = UInt64(try reader.integer()) | UInt64(try reader.integer()) << 32
        guard total > 0 else { throw reader.broken("total", "0") }
        self.markov = try Self.markov(&reader)
        self.dictionary = WordDictionary(try Self.words(&reader), total: total)
    }

    private static func markov(_ reader: inout ByteReader) throws(LanguagesError) -> HiddenMarkov {
        var numbers: [Double] = []
        for _ in 0..<12 { numbers.append(try reader.double()) }
        var rows = [UInt16](repeating: 0, count: HiddenMarkov.signCount)
        var emissions = [Double](repeating: HiddenMarkov.never, count: 4)
        let count = Int(try reader.integer())
        guard count <= HiddenMarkov.signCount else { throw reader.broken("signs", "\(count)") }
        for number in 0..<count {
            let sign = Int(try reader.short()) - HiddenMarkov.firstSign
            guard rows.indices.contains(sign) else { throw reader.broken("sign", "\(sign + HiddenMarkov.firstSign)") }
            rows[sign] = UInt16(number + 1)
            for _ in 0..<4 {
                let value = Double(try reader.float())
                emissions.append(value.isFinite ? value : HiddenMarkov.never)
            }
        }
        return HiddenMarkov(
            start: Array(numbers[..<4]), moves: Array(numbers[4...]), rows: rows, emissions: emissions)
    }

    private static func words(_ reader: inout ByteReader) throws(LanguagesError) -> SortedWords {
        var words = SortedWords()
        var word: [UInt16] = []
        let count = Int(try reader.integer())
        guard count <= wordsMax else { throw reader.broken("words", "\(count) of at most \(wordsMax)") }
        for _ in 0..<count {
            let same = Int(try reader.byte())
            let more = Int(try reader.byte())
            guard same <= word.count, more > 0 else { throw reader.broken("word", "\(same) of \(word.count) kept") }
            let place = same < word.count ? word[same] : 0
            word.removeLast(word.count - same)
            for _ in 0..<more { word.append(try reader.short()) }
            // The trie is built from neighbours: out of order, words would be lost without a sound.
            guard place == 0 || place < word[same] else { throw reader.broken("word", "out of order") }
            words.append(word, count: try reader.integer())
        }
        return words
    }
}
