/// Examples rendered for supervised tuning: each has a target within a row, or is named and dropped.
///
///     var set = LessonSet(renderer: renderer, tokensMax: 1025)
///     for example in data.examples { set.add(example) }
///     set.lessons; set.dropped.first?.description         // "mine.jsonl:7: no target is left within 1025 tokens; …"
///
/// What is longer than a row is cut at its end (`RenderedExample.cut`) or dropped, as `longExamples` says.
package struct LessonSet: Sendable {
    package enum LongExamples: String, Sendable, CaseIterable { case cut, drop }

    /// In the order of the data.
    package private(set) var lessons: [RenderedExample] = []
    /// The first that were dropped, and why.
    package private(set) var dropped: [DataFault] = []
    package private(set) var droppedCount = 0
    /// Lessons whose end was cut off.
    package private(set) var cutCount = 0
    /// Conversations of which each answer became a lesson of its own.
    package private(set) var dividedCount = 0

    private let renderer: SupervisedRenderer
    private let tokensMax: Int
    private let longExamples: LongExamples
    private let faultsShownMax: Int

    /// - Parameter tokensMax: of a lesson: a row's tokens and one more, the last one's target.
    package init(
        renderer: SupervisedRenderer, tokensMax: Int, longExamples: LongExamples = .cut,
        limits: InstructionLimits = InstructionLimits()
    ) {
        self.renderer = renderer
        self.tokensMax = tokensMax
        self.longExamples = longExamples
        faultsShownMax = limits.faultsShownMax
    }

    package mutating func add(_ example: InstructionExample) {
        switch example.lesson {
        case .demonstration, .judgement(isGood: true): break
        case .judgement(isGood: false):
            return drop(
                example,
                Wording(
                    zh: "label 为 false：这个回答不应学；请用 danlu train kto",
                    en: "has label false, an answer not to be learnt; use danlu train kto"))
        case .preference:
            return drop(
                example,
                Wording(
                    zh: "是偏好对，不是示范；请用 danlu train dpo", en: "is a preference and no demonstration; use danlu train dpo")
            )
        case .task:
            return drop(
                example,
                Wording(zh: "没有回答，只有任务；请用 danlu train grpo", en: "is a task without an answer; use danlu train grpo"))
        }
        do {
            let rendered = try renderer.render(example)
            if rendered.count > 1 { dividedCount += 1 }
            for lesson in rendered { add(lesson, of: example) }
        } catch {
            drop(example, error.wording)
        }
    }

    private mutating func add(_ lesson: RenderedExample, of example: InstructionExample) {
        let count = lesson.tokens.count
        if count > tokensMax, longExamples == .drop {
            return drop(
                example,
                Wording(
                    zh: "有 \(count) 个词元，超过 \(tokensMax)；请加大 --seq 或拆开",
                    en: "has \(count) tokens, more than \(tokensMax); "
                        + "raise --seq, or split it"))
        }
        guard let kept = lesson.cut(tokensMax: tokensMax) else {
            return drop(
                example,
                Wording(
                    zh: "前 \(tokensMax) 个词元里没有要学的（共 \(count) 个）；请加大 --seq 或缩短提问",
                    en:
                        "no target is within \(tokensMax) tokens (of \(count)); raise --seq, or shorten the question"
                ))
        }
        if kept.tokens.count < count { cutCount += 1 }
        lessons.append(kept)
    }

    private mutating func drop(_ example: InstructionExample, _ problem: Wording) {
        droppedCount += 1
        if dropped.count < faultsShownMax { dropped.append(DataFault(source: example.source, problem: problem)) }
    }
}
