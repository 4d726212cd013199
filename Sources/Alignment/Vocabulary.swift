import Languages

/// Numbers for the words of a text, so that comparing them is comparing integers.
///
/// Words of alphabets are small letters cut to a stem of six letters without common English endings: what is asked of
/// them is whether they may translate a word, not what they are. Chinese is cut by the segmenter, and so are the
/// signs of Japanese.
struct Vocabulary {
    private var numbers: [String: Int32] = [:]
    private(set) var names: [String] = []
    private let segmenter: ChineseSegmenter

    private static let stemLettersMax = 6
    /// Say nothing about what a sentence is about.
    private static let idle: Set<String> = Set(
        """
        the a an of to in on at by for from with and or not no be is are was were am been it
        its he she we you they i me my
        your his her our their this that these those do does did will would can could have has had as if so but what who
        which when there then than just me him them us all any some very too also up out about into over
        的 了 是 在 我 你 他 她 它 们 这 那 有 和 与 也 就 都 而 及 着 把 被 吗 呢 吧 啊 个 一 不 我们 你们 他们 这个 那个 什么 一个 可以
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    init(_ segmenter: ChineseSegmenter) { self.segmenter = segmenter }

    mutating func number(_ word: String) -> Int32 {
        if let number = numbers[word] { return number }
        let number = Int32(names.count)
        numbers[word] = number
        names.append(word)
        return number
    }

    func known(_ word: String) -> Int32? { numbers[word] }

    /// The words of a text, each once.
    mutating func words(of text: String) -> [Int32] {
        var found: Set<Int32> = []
        for word in segmenter.words(text) {
            guard let first = word.unicodeScalars.first, first.properties.isAlphabetic || ("0"..."9").contains(first)
            else { continue }
            let lower = word.lowercased()
            guard !Self.idle.contains(lower) else { continue }
            found.insert(number(first.value < 0x2E80 ? Self.stem(lower) : lower))
        }
        return found.sorted()
    }

    static func stem(_ word: String) -> String {
        var stem = word[...]
        for ending in ["ing", "edly", "ed", "ies", "es", "s", "ly"]
        where stem.utf8.count > ending.utf8.count + 3 && stem.hasSuffix(ending) {
            stem = stem.dropLast(ending.count)
            break
        }
        if stem.utf8.count > 4, stem.hasSuffix("e") || stem.hasSuffix("y") { stem = stem.dropLast() }
        return String(stem.prefix(stemLettersMax))
    }

    /// Letters, an ideograph for three, a kana for one and a half, a syllable of Hangul for two and a half.
    static func length(of text: String) -> Double {
        var text = text
        let counts = text.withUTF8 { ScriptCounts(of: $0) }
        let han = Double(counts[.han])
        let kana = Double(counts[.kana])
        let hangul = Double(counts[.hangul])
        // Digits and marks weigh as letters do.
        return 2 * han + 0.5 * kana + 1.5 * hangul + Double(counts.scalars)
    }
}
