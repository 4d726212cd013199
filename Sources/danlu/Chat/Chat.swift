import ArgumentParser
import Assistant
import Dialogue
import Foundation
import JSON

/// `danlu chat`: talk in the terminal, or answer one question in a pipe.
struct Chat: AsyncParsableCommand {
    static let inputBytesMax = 16 << 20
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: Language.text(zh: "在终端里聊天；在管道中回答一个问题。", en: "Talk in the terminal; in a pipe, answer one question."),
        discussion: Language.text(
            zh: """
                例：
                  danlu chat
                  danlu chat '用一句话解释递归'
                  echo '写一首关于秋天的诗' | danlu chat --temperature 0.9 --seed 7
                  cat main.swift | danlu chat --system '找出错误' --json
                聊天中输入 /help 查看命令；Ctrl-C 停止回答，Ctrl-D 离开。
                """,
            en: """
                Examples:
                  danlu chat
                  danlu chat 'Explain recursion in one sentence'
                  echo 'A poem about autumn' | danlu chat --temperature 0.9 --seed 7
                  cat main.swift | danlu chat --system 'Find the mistakes' --json
                In a chat, /help lists the commands; Ctrl-C stops the answer, Ctrl-D leaves.
                """))

    @Argument(
        help: .init(
            Language.text(zh: "问题；不写则聊天或读标准输入。", en: "A question; without one it chats, or reads standard input.")))
    var question: String?

    @OptionGroup var options: ModelOptions
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup var speculation: SpeculationFlags
    @Option(help: .init(Language.text(zh: "系统提示。", en: "The system message."))) var system = ""
    @Option(help: .init(Language.text(zh: "0 总取最可能的（默认 0.7）。", en: "0 takes the likeliest always (default: 0.7).")))
    var temperature: String?
    @Option(help: .init(Language.text(zh: "概率和（默认 0.95）。", en: "Share of probability kept (default: 0.95).")))
    var topP: String?
    @Option(help: .init(Language.text(zh: "只留前几个（默认不限）。", en: "How many tokens are kept (default: all).")))
    var topK: String?
    @Option(
        help: .init(Language.text(zh: "相对最低概率（默认 0.05）。", en: "Least probability beside the best (default: 0.05).")))
    var minP: String?
    @Option(help: .init(Language.text(zh: "重复惩罚（默认 1）。", en: "Against repetition (default: 1).")))
    var repetitionPenalty: String?
    @Option(help: .init(Language.text(zh: "随机种子：相同则回答相同。", en: "The same seed gives the same answer.")))
    var seed: String?
    @Option(help: .init(Language.text(zh: "回答的词元上限。", en: "Tokens of an answer at most."))) var maxTokens: String?
    @Option(help: .init(Language.text(zh: "推理模型先思考：on 或 off。", en: "Whether a reasoning model thinks: on or off.")))
    var think: String?
    @Option(help: .init(Language.text(zh: "遇此文字即停，可重复。", en: "A text that ends the answer; repeat for more.")))
    var stop: [String] = []
    @OptionGroup var form: FormatOptions
    @Option(help: .init(Language.text(zh: "从文件载入对话。", en: "Go on with a saved conversation."), valueName: "file"))
    var load: String?
    @Flag(help: .init(Language.text(zh: "每个回答输出一行 JSON。", en: "Print each answer as a line of JSON."))) var json = false

    func validate() throws { _ = try settings() }

    func run() async throws {
        var conversation = Conversation()
        if let load { conversation = try ChatFile.read(load) }
        if !system.isEmpty { conversation.system = system }
        let isInteractive = question == nil && Terminal.inputIsTerminal
        let asked = isInteractive ? nil : try question ?? Self.readQuestion()
        var assistantOptions = options.assistantOptions
        try speculation.apply(to: &assistantOptions)
        let assistant = try adapters.applied(
            to: LocalModels.assistant(adapters.model(options.model), assistantOptions))
        let style: AnswerReader.Style = json ? .silent : Terminal.outputIsTerminal ? .terminal : .plain
        var loop = ChatLoop(
            reader: AnswerReader(assistant: assistant, style: style), conversation: conversation,
            settings: try settings(), stops: stop, format: try form.format(), printsJSON: json)
        var isStopped = false
        if let asked { isStopped = try await loop.ask(asked).isStopped } else { await loop.run() }
        await assistant.drain(secondsMax: 0)
        // In a pipe, Ctrl-C means the pipe.
        if isStopped { Interrupts.end() }
    }

    private func settings() throws -> ChatSettings {
        var settings = ChatSettings()
        let given = [
            ("temperature", temperature), ("top-p", topP), ("top-k", topK), ("min-p", minP),
            ("repetition-penalty", repetitionPenalty), ("seed", seed), ("max-tokens", maxTokens), ("think", think),
        ]
        for case (let name, let value?) in given {
            do { try settings.set(name, to: value) } catch { throw ValidationError("--\(error)") }
        }
        return settings
    }

    private static func readQuestion() throws -> String {
        let data = try Terminal.readAll(bytesMax: inputBytesMax)
        var text = String(decoding: data, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else {
            throw ValidationError(Language.text(zh: "标准输入中没有问题", en: "there is no question on standard input"))
        }
        return text
    }
}
