import Assistant

/// Shows an answer while it is written.
struct AnswerReader: Sendable {
    enum Style: Sendable {
        /// Text as it comes, thoughts dimmed, nothing that could steer the terminal.
        case terminal
        /// The answer's text as it is and nothing else.
        case plain
        /// Nothing: the whole answer is printed as JSON afterwards.
        case silent
    }

    let assistant: Assistant
    let style: Style

    /// Reads to the end, or to Ctrl-C: then what came so far is returned.
    func read(_ request: ChatRequest) async throws -> ReadAnswer {
        let task = Task { try await collect(request) }
        return try await Interrupts.value(of: task)
    }

    private func collect(_ request: ChatRequest) async throws -> ReadAnswer {
        var answer = ReadAnswer()
        var isThinking = false
        for try await event in try await assistant.chat(request) {
            switch event {
            case .started(let start):
                answer.start = start
                noteDropped(start.droppedTurns)
            case .reasoning(let text):
                if !isThinking { show("\u{1b}[2m", only: .terminal) }
                isThinking = true
                answer.reasoning += text
                if style == .terminal { show(Self.harmless(text), only: .terminal) }
            case .text(let text, _):
                if isThinking { show("\u{1b}[0m\n\n", only: .terminal) }
                isThinking = false
                answer.text += text
                show(style == .terminal ? Self.harmless(text) : text, only: style)
            case .toolCallStarted, .toolCallArguments: break
            case .finished(let end): answer.end = end
            }
        }
        if isThinking { show("\u{1b}[0m", only: .terminal) }
        return answer
    }

    private func noteDropped(_ turns: Int) {
        guard turns > 0 else { return }
        Terminal.note(
            Language.text(
                zh: "（对话超出上下文，略去最早的 \(turns) 轮）",
                en: "(the conversation outgrew the context; its oldest \(turns) turns are left out)"))
    }

    private func show(_ text: String, only wanted: Style) {
        guard style == wanted, style != .silent, !text.isEmpty else { return }
        Terminal.output(text, terminator: "")
    }

    /// A model may write escape sequences; a terminal must not obey them.
    static func harmless(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
                        ? "\u{FFFD}" : scalar
                }))
    }
}
