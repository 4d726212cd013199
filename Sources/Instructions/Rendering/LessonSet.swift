/// Examples rendered for tuning: each has a target within a row, or is named and dropped.
///
///     var set = LessonSet(renderer: renderer, tokensMax: 1025)
///     for example in data.examples { set.add(example) }
///     set.lessons; set.dropped.first?.description         // "mine.jsonl:7: no target is left within 1025 tokens; …"
///
/// What is longer than a row is cut at its end (`RenderedExample.cut`) or dropped, as `longExamples` says.
package struct LessonSet: Sendable {
    package enum LongExamples: String, Sendable, CaseIterable { case cut, drop }

    /// What examples are rendered for.
    package enum Purpose: Sendable {
        /// Answers to be learnt.
        case demonstrations
        /// Two answers each.
        case pairs
        /// Answers that were liked or not; those of pairs too.
        case judgements
    }

    /// Of demonstrations, in the order of the data.
    package private(set) var lessons: [RenderedExample] = []
    package private(set) var pairs: [(chosen: RenderedExample, rejected: RenderedExample)] = []
    package private(set) var judgements: [(answer: RenderedExample, isGood: Bool)] = []
    /// The first that were dropped, and why.
    package private(set) var dropped: [DataFault] = []
    package private(set) var droppedCount = 0
    /// Lessons whose end was cut off.
    package private(set) var cutCount = 0
    /// Conversations of which each answer became a lesson of its own.
    package private(set) var dividedCount = 0

    private let renderer: SupervisedRenderer
    private let purpose: Purpose
    private let tokensMax: Int
    private let longExamples: LongExamples
    private let faultsShownMax: Int

    /// - Parameter tokensMax: of a lesson: a row's tokens and one more, the last one's target.
    package init(
        renderer: SupervisedRenderer, for purpose: Purpose = .demonstrations, tokensMax: Int,
        longExamples: LongExamples = .cut, limits: InstructionLimits = InstructionLimits()
    ) {
        self.renderer = renderer
        self.purpose = purpose
        self.tokensMax = tokensMax
        self.longExamples = longExamples
        faultsShownMax = limits.faultsShownMax
    }

    package mutating func add(_ example: InstructionExample) {
        do throws(RenderingError) {
            switch (purpose, example.lesson) {
            case (.demonstrations, .demonstration), (.demonstrations, .judgement(isGood: true)):
                let rendered = try renderer.render(example)
                if rendered.count > 1 { dividedCount += 1 }
                for lesson in rendered { fitting(lesson, of: example).map { lessons.append($0) } }
            case (.pairs, .preference): try addPair(example)
            case (.judgements, .judgement(let isGood)):
                for lesson in try renderer.render(example) { judge(lesson, isGood: isGood, of: example) }
            case (.judgements, .preference):
                guard let pair = try renderer.renderPair(example) else { return }
                judge(pair.chosen, isGood: true, of: example)
                judge(pair.rejected, isGood: false, of: example)
            default: drop(example, purpose.refusal(of: example.lesson))
            }
        } catch {
            drop(example, error.wording)
        }
    }

    private mutating func addPair(_ example: InstructionExample) throws(RenderingError) {
        guard let pair = try renderer.renderPair(example), let chosen = fitting(pair.chosen, of: example),
            let rejected = fitting(pair.rejected, of: example)
        else { return }
        guard chosen.tokens != rejected.tokens else {
            return drop(
                example,
                Wording(
                    zh: "两个回答在 \(tokensMax) 个词元内相同", en: "has the same answer twice within \(tokensMax) tokens"))
        }
        pairs.append((chosen, rejected))
    }

    private mutating func judge(_ lesson: RenderedExample, isGood: Bool, of example: InstructionExample) {
        fitting(lesson, of: example).map { judgements.append(($0, isGood)) }
    }

    /// Nil, and named, when nothing of it can be learnt.
    private mutating func fitting(_ lesson: RenderedExample, of example: InstructionExample) -> RenderedExample? {
        let count = lesson.tokens.count
        if count > tokensMax, longExamples == .drop {
            drop(
                example,
                Wording(
                    zh: "有 \(count) 个词元，超过 \(tokensMax)；请加大 --seq 或拆开",
                    en: "has \(count) tokens, more than \(tokensMax); raise --seq, or split it"))
            return nil
        }
        guard let kept = lesson.cut(tokensMax: tokensMax) else {
            drop(
                example,
                Wording(
                    zh: "前 \(tokensMax) 个词元里没有要学的（共 \(count) 个）；请加大 --seq 或缩短提问",
                    en: "no target is within \(tokensMax) tokens (of \(count)); raise --seq, or shorten the question"))
            return nil
        }
        if kept.tokens.count < count { cutCount += 1 }
        return kept
    }

    private mutating func drop(_ example: InstructionExample, _ problem: Wording) {
        droppedCount += 1
        if dropped.count < faultsShownMax { dropped.append(DataFault(source: example.source, problem: problem)) }
    }
}

extension LessonSet.Purpose {
    /// Why an example is of no use for it.
    func refusal(of lesson: InstructionExample.Lesson) -> Wording {
        switch lesson {
        case .demonstration:
            Wording(
                zh: "是示范，没有好坏之分；请用 danlu train lora",
                en: "is a demonstration and says nothing of better and worse; use danlu train lora")
        case .judgement(let isGood):
            self == .pairs
                ? Wording(
                    zh: "只有一个回答，不成对；请用 danlu train kto", en: "has one answer and is no pair; use danlu train kto")
                : Wording(
                    zh: "label 为 \(isGood)：这个回答不应学；请用 danlu train kto",
                    en: "has label \(isGood), an answer not to be learnt; use danlu train kto")
        case .preference:
            Wording(
                zh: "是偏好对，不是示范；请用 danlu train dpo", en: "is a preference and no demonstration; use danlu train dpo")
        case .task:
            Wording(zh: "没有回答，只有任务；请用 danlu train grpo", en: "is a task without an answer; use danlu train grpo")
        }
    }
}
