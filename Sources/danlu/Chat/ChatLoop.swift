import Assistant
import Dialogue
import Foundation
import Hub
import JSON

/// A chat: reads questions and commands, asks the model, keeps the conversation.
struct ChatLoop {
    let reader: AnswerReader
    var conversation: Conversation
    var settings: ChatSettings
    let stops: [String]
    /// nil is free text.
    let format: AnswerFormat?
    let printsJSON: Bool
    private var statistics = ChatStatistics()
    private var editor: LineEditor

    init(
        reader: AnswerReader, conversation: Conversation, settings: ChatSettings, stops: [String],
        format: AnswerFormat?, printsJSON: Bool
    ) {
        self.reader = reader
        self.conversation = conversation
        self.settings = settings
        self.stops = stops
        self.format = format
        self.printsJSON = printsJSON
        let folder = Hub.Home.fromEnvironment.folder
        try? FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        editor = LineEditor(
            history: InputHistory(path: folder.appending(path: "chat_history").path), completions: ChatCommand.names)
    }

    /// Until the user leaves. What fails is shown, and the chat goes on.
    mutating func run() async {
        greet()
        while let input = nextInput() {
            if let command = ChatCommand(input) {
                guard command != .exit else { return }
                await obey(command)
                continue
            }
            do {
                _ = try await ask(input.hasPrefix("//") ? String(input.dropFirst()) : input)
            } catch {
                Self.complain(error)
            }
        }
    }

    /// One question and its answer. When there can be no answer, the question is not kept.
    mutating func ask(_ question: String) async throws -> ReadAnswer {
        conversation.turns.append(Message(role: .user, content: question))
        do { return try await answer() } catch {
            conversation.turns.removeLast()
            throw error
        }
    }

    @discardableResult
    private mutating func answer() async throws -> ReadAnswer {
        RawMode.answer()
        defer { RawMode.restore() }
        let answer = try await reader.read(
            ChatRequest(
                messages: conversation.messages, sampling: settings.sampling, tokensMax: settings.tokensMax,
                stops: stops, format: format, overflow: .dropOldestTurns, templateVariables: settings.templateVariables)
        )
        conversation.turns.append(answer.message)
        statistics.add(answer)
        if printsJSON {
            Terminal.output(answer.json(model: reader.assistant.name).serialized())
        } else {
            Terminal.output("")
        }
        if reader.style == .terminal, answer.isStopped {
            Terminal.note(Language.text(zh: "（已停止）", en: "(stopped)"))
        }
        if answer.end?.reason == .length, !printsJSON {
            Terminal.note(Language.text(zh: "（到达长度上限）", en: "(cut at the length limit)"))
        }
        return answer
    }

    private func greet() {
        let facts = reader.assistant.description
        let model = "\(reader.assistant.name) · \(facts.quantization)"
        Terminal.note(
            Language.text(
                zh: "\(model) · 上下文 \(facts.contextTokens) · /help 查看命令",
                en: "\(model) · context \(facts.contextTokens) · /help lists commands"))
    }

    /// The next question or command; nil when the user leaves.
    private mutating func nextInput() -> String? {
        var assembler = InputAssembler()
        while true {
            switch editor.read(prompt: assembler.isOpen ? "… " : "› ") {
            case .end: return assembler.finish()
            case .interrupted:
                if !assembler.isOpen {
                    Terminal.note(Language.text(zh: "（Ctrl-D 或 /exit 离开）", en: "(Ctrl-D or /exit leaves)"))
                }
                assembler = InputAssembler()
            case .line(let line):
                guard let input = assembler.take(line), !input.allSatisfy(\.isWhitespace) else { continue }
                editor.remember(input)
                return input
            }
        }
    }

    private mutating func obey(_ command: ChatCommand) async {
        do {
            switch command {
            case .help: Terminal.note(ChatCommand.helpText)
            case .system(nil): Terminal.note(conversation.system.isEmpty ? "—" : conversation.system)
            case .system(let text?): conversation.system = text
            case .set(let name, let value):
                try settings.set(name, to: value)
                Terminal.note("\(name) = \(settings.value(of: name))")
            case .showSettings:
                for name in ChatSettings.names { Terminal.note("\(name) = \(settings.value(of: name))") }
            case .save(let path):
                try ChatFile.write(conversation, model: reader.assistant.name, to: path)
                Terminal.note(Language.text(zh: "已保存到 \(path)", en: "saved to \(path)"))
            case .load(let path):
                conversation = try ChatFile.read(path)
                let turns = conversation.turns.count
                Terminal.note(Language.text(zh: "已载入 \(turns) 条消息", en: "\(turns) messages loaded"))
            case .regenerate: try await regenerate()
            case .stats: Terminal.note(statistics.text(of: reader.assistant))
            case .clear: conversation.turns = []
            case .exit: break
            case .unknown(let name):
                Terminal.note(Language.text(zh: "没有命令 \(name)；见 /help", en: "there is no \(name); see /help"))
            case .lacks(let usage): Terminal.note(Language.text(zh: "用法：\(usage)", en: "usage: \(usage)"))
            }
        } catch {
            Self.complain(error)
        }
    }

    private mutating func regenerate() async throws {
        let before = conversation
        guard conversation.dropLastAnswer() else {
            return Terminal.note(Language.text(zh: "还没有问题", en: "nothing was asked yet"))
        }
        do { try await answer() } catch {
            conversation = before
            throw error
        }
    }

    private static func complain(_ error: any Error) {
        Terminal.note("\(Language.text(zh: "错误", en: "error")): \(error)")
    }
}
