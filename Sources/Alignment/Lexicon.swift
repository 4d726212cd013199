/// Which words of the second text may translate which of the first: a shipped dictionary, and what the texts themselves
/// show.
struct Lexicon {
    /// By word of the first text: words of the second, ascending.
    private var translations: [Int32: [Int32]] = [:]

    /// Whether a shipped dictionary knows the two languages.
    private(set) var isShipped = false

    /// Pairs that were seen together, of all that had either, from which on they count as translations.
    private static let diceMin = 0.35
    private static let togetherMin = 3

    init() {}

    mutating func add(_ first: Int32, _ second: Int32) {
        var list = translations[first, default: []]
        let place = list.firstIndex { $0 >= second } ?? list.endIndex
        guard place == list.endIndex || list[place] != second else { return }
        list.insert(second, at: place)
        translations[first] = list
    }

    /// Takes in the dictionary's lines (Chinese word, tab, English words) as far as both texts have the words.
    mutating func add(dictionary: [UInt8], chineseIsFirst: Bool, _ vocabulary: Vocabulary) {
        isShipped = true
        for line in dictionary.split(separator: 0x0A) {
            let parts = line.split(separator: 0x09)
            guard parts.count == 2, let chinese = vocabulary.known(String(decoding: parts[0], as: UTF8.self)) else {
                continue
            }
            for word in parts[1].split(separator: 0x20) {
                guard let english = vocabulary.known(Vocabulary.stem(String(decoding: word, as: UTF8.self))) else {
                    continue
                }
                chineseIsFirst ? add(chinese, english) : add(english, chinese)
            }
        }
    }

    /// Learns from pairs that are likely right: words that stand in the same pairs much more often than apart (Dice).
    mutating func learn(_ pairs: [(first: [Int32], second: [Int32])]) {
        var together: [UInt64: Int] = [:]
        var firsts: [Int32: Int] = [:]
        var seconds: [Int32: Int] = [:]
        for pair in pairs where pair.first.count * pair.second.count <= 400 {
            for first in pair.first {
                firsts[first, default: 0] += 1
                for second in pair.second { together[UInt64(first) << 32 | UInt64(second), default: 0] += 1 }
            }
            for second in pair.second { seconds[second, default: 0] += 1 }
        }
        for (key, count) in together where count >= Self.togetherMin {
            let (first, second) = (Int32(key >> 32), Int32(truncatingIfNeeded: key & 0xFFFF_FFFF))
            let total = (firsts[first] ?? 0) + (seconds[second] ?? 0)
            if Double(2 * count) >= Self.diceMin * Double(total) { add(first, second) }
        }
    }

    /// A text's words as those that may stand for them in the other one: themselves and their translations.
    func reach(_ words: [Int32]) -> WordReach {
        var targets: [WordReach.Target] = []
        for (source, word) in words.prefix(WordReach.wordsMax).enumerated() {
            targets.append(.init(word: word, source: UInt8(source)))
            for translation in translations[word] ?? [] {
                targets.append(.init(word: translation, source: UInt8(source)))
            }
        }
        targets.sort { $0.word < $1.word }
        return WordReach(targets: targets, count: min(words.count, WordReach.wordsMax))
    }
}
