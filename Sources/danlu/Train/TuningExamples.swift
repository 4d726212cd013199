import Instructions
import Training

/// From files of examples to what a model is tuned with, and what is said of those that are left out.
struct TuningExamples {
    let input: TuningInput

    private static let namedMax = 5

    /// - Parameters:
    ///   - purpose: what the stage learns from.
    ///   - scored: whether pairs are for a reward model.
    ///   - tokensMax: of an example; what is beyond is cut off.
    /// - Throws: what is wrong with the data, by file and line; `TrainingError.noDocuments` when nothing is left.
    init(
        _ paths: [String], _ text: TuningText, for purpose: LessonSet.Purpose, scored: Bool = false, tokensMax: Int,
        skipsBroken: Bool
    ) throws {
        let data = try InstructionData(paths: paths, skipsBroken: skipsBroken)
        var set = LessonSet(renderer: text.renderer, for: purpose, tokensMax: tokensMax)
        for example in data.examples { set.add(example) }
        Self.tell(set, broken: data.faultCount, tokensMax: tokensMax)
        let examples =
            switch purpose {
            case .demonstrations: LabelledExamples(demonstrations: set.lessons)
            case .pairs:
                scored
                    ? LabelledExamples(scored: set.pairs, tokensMax: tokensMax) : LabelledExamples(pairs: set.pairs)
            case .judgements: LabelledExamples(judgements: set.judgements, tokensMax: tokensMax)
            }
        guard examples.groups > 0 else {
            throw TrainingError.noDocuments(
                path: paths.joined(separator: ", "),
                reason: "no example can be learnt within \(tokensMax) tokens; raise --seq, or look at danlu data check")
        }
        input = TuningInput(
            examples: examples, tokenizer: text.tokenizer, template: text.templateSource,
            path: paths.joined(separator: ", "))
    }

    private static func tell(_ set: LessonSet, broken: Int, tokensMax: Int) {
        func note(_ count: Int, _ zh: String, _ en: String) {
            if count > 0 { Terminal.note(Language.text(zh: "\(count) \(zh)", en: "\(count) \(en)")) }
        }
        note(broken, "条坏记录已跳过", "broken records are passed over")
        note(set.cutCount, "条超过 \(tokensMax) 个词元，已截断", "examples are longer than \(tokensMax) tokens and are cut")
        note(set.droppedCount, "条不能学，已丢弃：", "examples cannot be learnt and are dropped:")
        for fault in set.dropped.prefix(namedMax) { Terminal.note("  \(fault)") }
        if set.droppedCount > namedMax { Terminal.note("  …") }
    }
}
