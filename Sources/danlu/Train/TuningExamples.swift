import Foundation
import Instructions
import Training

/// From files of examples to what a model is tuned with, and what is said of those that are left out.
struct TuningExamples {
    let input: TuningInput
    /// Of all examples.
    let tokens: Int

    private static let namedMax = 5

    /// - Parameters:
    ///   - tokensMax: of an example; what is beyond is cut off.
    /// - Throws: what is wrong with the data, by file and line; `TrainingError.noDocuments` when nothing is left.
    init(_ paths: [String], _ text: TuningText, tokensMax: Int, skipsBroken: Bool) throws {
        let data = try InstructionData(paths: paths, skipsBroken: skipsBroken)
        let renderer = SupervisedRenderer(
            tokenizer: text.tokenizer, template: text.template, endTokens: text.endTokens,
            options: RenderingOptions(now: Date()))
        var rendered: [RenderedExample] = []
        var (dropped, others, cut): ([String], Int, Int) = ([], 0, 0)
        for example in data.examples {
            guard Self.teaches(example.lesson) else {
                others += 1
                continue
            }
            for lesson in try renderer.render(example) {
                guard let fitting = lesson.cut(tokensMax: tokensMax) else {
                    dropped.append("\(example.source)")
                    continue
                }
                if lesson.tokens.count > tokensMax { cut += 1 }
                rendered.append(fitting)
            }
        }
        Self.tell(broken: data.faultCount, dropped: dropped, others: others, cut: cut, tokensMax: tokensMax)
        guard !rendered.isEmpty else {
            throw TrainingError.noDocuments(
                path: paths.joined(separator: ", "),
                reason: "no example has an answer within \(tokensMax) tokens; raise --seq, or look at danlu data check")
        }
        input = TuningInput(
            examples: rendered, tokenizer: text.tokenizer, template: text.templateSource,
            path: paths.joined(separator: ", "))
        tokens = rendered.reduce(0) { $0 + $1.tokens.count }
    }

    /// Demonstrations, and answers that were liked.
    private static func teaches(_ lesson: InstructionExample.Lesson) -> Bool {
        switch lesson {
        case .demonstration, .judgement(isGood: true): true
        case .judgement, .preference, .task: false
        }
    }

    private static func tell(broken: Int, dropped: [String], others: Int, cut: Int, tokensMax: Int) {
        func note(_ count: Int, _ zh: String, _ en: String) {
            if count > 0 { Terminal.note(Language.text(zh: "\(count) \(zh)", en: "\(count) \(en)")) }
        }
        note(broken, "条坏记录已跳过", "broken records are passed over")
        note(others, "条不是示范（偏好或任务），不参与", "examples are no demonstrations (preferences, tasks) and are left out")
        note(cut, "条超过 \(tokensMax) 个词元，已截断", "examples are longer than \(tokensMax) tokens and are cut")
        let names = dropped.prefix(namedMax).joined(separator: ", ") + (dropped.count > namedMax ? ", …" : "")
        note(
            dropped.count, "条在 \(tokensMax) 个词元内没有回答，已丢弃：\(names)",
            "examples have no answer within \(tokensMax) tokens and are dropped: \(names)")
    }
}
