import ArgumentParser
import Assistant
import Inference

extension SpeculationOptions.Mode: ExpressibleByArgument {}

/// How tokens are guessed ahead, for the verbs that write answers.
struct SpeculationFlags: ParsableArguments {
    @Option(
        help: .init(
            Language.text(
                zh: "同词表的小模型，替它先猜（见 docs/speculation.md）。",
                en: "A smaller model of the same vocabulary that guesses ahead (docs/speculation.md)."),
            valueName: "name|path"))
    var draft: String?

    @Option(
        help: .init(
            Language.text(
                zh: "推测解码，答案不变：auto 用前文与小模型，lookup 只用前文，off 关闭。",
                en: "Guessing ahead, same answers: auto from earlier text and the draft, lookup without draft, off.")))
    var speculation = SpeculationOptions.Mode.auto

    func validate() throws {
        if draft != nil, speculation != .auto {
            throw ValidationError("--draft: --speculation \(speculation.rawValue)")
        }
    }

    /// Puts the choice into the options; finds the draft model.
    func apply(to options: inout AssistantOptions) throws {
        options.speculation = speculation
        options.draftPath = try draft.map { try ModelHome.resolve($0) }
    }
}
