import Kernels

/// Tasks that already move while a model is small; all are made from the seed.
enum SmallTask {
    static let kinds = [arithmetic, copy, minimalPairs]
    private static let made = "made from the seed"

    private static let arithmetic = TaskKind(
        name: "arithmetic", zh: "两位数加减法", en: "adding and subtracting two digits", source: made, shots: 4
    ) { settings, kind in
        var generator = settings.generator("arithmetic")
        func sum() -> (String, String) {
            let numbers = [Int.random(in: 1...99, using: &generator), Int.random(in: 1...99, using: &generator)]
            let (larger, smaller) = (max(numbers[0], numbers[1]), min(numbers[0], numbers[1]))
            return Bool.random(using: &generator)
                ? ("\(numbers[0]) + \(numbers[1]) =", "\(numbers[0] + numbers[1])")
                : ("\(larger) - \(smaller) =", "\(larger - smaller)")
        }
        return written("arithmetic", kind.shots(settings), settings.generatedCount, tokensMax: 8, sum)
    }

    private static let copy = TaskKind(
        name: "copy", zh: "照抄一串词", en: "copying a row of words", source: made, shots: 4
    ) { settings, kind in
        var generator = settings.generator("copy")
        let words = "red blue sun moon cat dog tree fish 山 水 花 月 人 天 大 小".split(separator: " ")
        func row() -> (String, String) {
            let count = Int.random(in: 3...6, using: &generator)
            let text = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &generator)] }
                .joined(separator: " ")
            return ("\(text) ->", text)
        }
        return written("copy", kind.shots(settings), settings.generatedCount, tokensMax: 32, row)
    }

    /// Lines of a question and its answer; the model writes the answer of the last one.
    private static func written(
        _ name: String, _ shots: Int, _ count: Int, tokensMax: Int, _ make: () -> (String, String)
    ) -> EvaluationTask {
        let head = (0..<shots).map { _ in
            let (question, answer) = make()
            return "\(question) \(answer)\n"
        }.joined()
        let items = (0..<count).map { place in
            let (question, answer) = make()
            return EvaluationItem(
                id: "\(place + 1)",
                work: .generation(
                    .text(head + question), tokensMax: tokensMax, stops: ["\n"], check: .exactly(answer)))
        }
        return EvaluationTask(name: name, metric: .exactMatch, items: items, shots: shots)
    }

    /// Two sentences that differ in one place, of which one is right: the model should find that one more probable.
    private static let minimalPairs = TaskKind(
        name: "minimal-pairs", zh: "一对一错的句子", en: "sentences of which one is wrong", source: made, shots: 0
    ) { settings, _ in
        var generator = settings.generator("minimal pairs")
        let items = (0..<settings.generatedCount).map { place in
            let isChinese = place % 2 == 1
            let (right, wrong) = isChinese ? chinesePair(&generator) : englishPair(&generator)
            let isFirst = Bool.random(using: &generator)
            return EvaluationItem(
                id: "\(place + 1)", group: isChinese ? "zh" : "en",
                work: .choice(
                    context: "", delimiter: "", choices: isFirst ? [right, wrong] : [wrong, right],
                    answer: isFirst ? 0 : 1))
        }
        return EvaluationTask(name: "minimal-pairs", metric: .accuracy, items: items)
    }

    private static func pick(_ words: [Substring], _ generator: inout SplitMix64) -> Substring {
        words[Int.random(in: 0..<words.count, using: &generator)]
    }

    /// Subject and verb agree in number, past another noun.
    private static func englishPair(_ generator: inout SplitMix64) -> (String, String) {
        let nouns = "dog cat teacher farmer girl boy doctor bird".split(separator: " ")
        let verbs = "sleep run laugh wait sing work read play".split(separator: " ")
        let ends = "every day,in the garden,near the river,at home,after lunch".split(separator: ",")
        let (noun, other, verb) = (
            pick(nouns, &generator), pick(nouns, &generator), pick(verbs, &generator)
        )
        let end = pick(ends, &generator)
        let isPlural = Bool.random(using: &generator)
        let subject = "The \(noun)\(isPlural ? "s" : "") near the \(other)\(isPlural ? "" : "s")"
        let (plural, singular) = ("\(subject) \(verb) \(end).", "\(subject) \(verb)s \(end).")
        return isPlural ? (plural, singular) : (singular, plural)
    }

    /// The noun has its own measure word.
    private static func chinesePair(_ generator: inout SplitMix64) -> (String, String) {
        let nouns = "书:本 纸:张 马:匹 鱼:条 树:棵 花:朵 车:辆 船:艘 刀:把 灯:盏 信:封 诗:首".split(separator: " ")
            .map { $0.split(separator: ":") }
        let verbs = "看见了 画了 想起了 喜欢那 找到了".split(separator: " ")
        let right = nouns[Int.random(in: 0..<nouns.count, using: &generator)]
        var wrong = right
        while wrong[1] == right[1] { wrong = nouns[Int.random(in: 0..<nouns.count, using: &generator)] }
        let verb = pick(verbs, &generator)
        let one = verb.hasSuffix("那") ? "" : "一"
        return ("他\(verb)\(one)\(right[1])\(right[0])。", "他\(verb)\(one)\(wrong[1])\(right[0])。")
    }
}
