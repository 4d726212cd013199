import Instructions
import JSON
import Training

/// Examples as a model reads them: how long, how much is taught, how full rows become.
struct DataLengths {
    private let renderer: SupervisedRenderer
    private let tokensMax: Int
    /// Demonstrations and answers that were liked.
    private(set) var lessonSet: LessonSet
    /// Tokens of what is read, each continuation of a preference by itself.
    private(set) var tokens: [Int] = []
    private(set) var targets = 0
    private var otherDropped: [DataFault] = []
    private var otherDroppedCount = 0

    init(_ renderer: SupervisedRenderer, tokensMax: Int, _ long: LessonSet.LongExamples) {
        self.renderer = renderer
        self.tokensMax = tokensMax
        lessonSet = LessonSet(renderer: renderer, tokensMax: tokensMax, longExamples: long)
    }

    /// Each with its reason; an example of any kind that the template cannot render.
    var dropped: [DataFault] { lessonSet.dropped + otherDropped }
    var droppedCount: Int { lessonSet.droppedCount + otherDroppedCount }

    mutating func add(_ example: InstructionExample) {
        do {
            switch example.lesson {
            case .demonstration:
                let before = lessonSet.lessons.count
                lessonSet.add(example)
                for lesson in lessonSet.lessons[before...] { count(lesson) }
            case .judgement: for lesson in try renderer.render(example) { count(lesson) }
            case .preference:
                guard let pair = try renderer.renderPair(example) else { return }
                count(pair.chosen)
                count(pair.rejected)
            case .task: tokens.append(try renderer.prompt(example.messages, tools: example.tools).count)
            }
        } catch {
            otherDroppedCount += 1
            if otherDropped.count < DataPass.shownMax {
                otherDropped.append(DataFault(source: example.source, problem: error.wording))
            }
        }
    }

    private mutating func count(_ lesson: RenderedExample) {
        tokens.append(lesson.tokens.count)
        targets += lesson.targets
    }

    /// Of the sorted lengths; 0 for none.
    func quantile(_ share: Double) -> Int {
        let sorted = tokens.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    var packing: PackingEstimate {
        PackingEstimate(tokens: tokens.map { min($0, tokensMax) }, sequence: tokensMax - 1, seed: 1)
    }

    /// The share of useful positions when each row holds one example, as without packing.
    var paddedShare: Double {
        let fitting = tokens.map { min($0, tokensMax) - 1 }
        guard let longest = fitting.max(), longest > 0 else { return 0 }
        return Double(fitting.reduce(0, +)) / Double(longest * fitting.count)
    }

    var json: JSONValue {
        let packing = packing
        return [
            "lessons": .int(tokens.count), "tokens": .int(tokens.reduce(0, +)), "targets": .int(targets),
            "lengths": [
                "min": .int(quantile(0)), "p50": .int(quantile(0.5)), "p90": .int(quantile(0.9)),
                "p99": .int(quantile(0.99)), "max": .int(quantile(1)),
            ],
            "seq": .int(tokensMax - 1), "cut": .int(lessonSet.cutCount), "divided": .int(lessonSet.dividedCount),
            "dropped": .int(droppedCount), "rows": .int(packing.rows), "useful_share": .double(packing.usefulShare),
            "padded_share": .double(paddedShare), "dropped_shown": .array(dropped.map(\.json)),
        ]
    }
}
