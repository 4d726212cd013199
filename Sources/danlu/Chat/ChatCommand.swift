/// What a line that begins with a slash asks of the chat itself.
package enum ChatCommand: Sendable, Equatable {
    case help
    /// nil shows the system message, an empty one removes it.
    case system(String?)
    case set(name: String, value: String)
    case showSettings
    case save(String)
    case load(String)
    case regenerate
    case stats
    case clear
    case exit
    case unknown(String)
    case lacks(String)

    package static let names = [
        "/help", "/system", "/set", "/save", "/load", "/regenerate", "/stats", "/clear", "/exit",
    ]

    /// nil when the line is no command. Two slashes at the start send the rest, with one slash, to the model.
    package init?(_ line: String) {
        guard line.hasPrefix("/"), !line.hasPrefix("//") else { return nil }
        let parts = line.split(maxSplits: 1, omittingEmptySubsequences: true, whereSeparator: \.isWhitespace)
        let name = String(parts[0])
        let rest = parts.count > 1 ? Self.trimmed(parts[1]) : ""
        switch name {
        case "/help", "/?": self = .help
        case "/system": self = .system(rest.isEmpty ? nil : rest == "none" ? "" : rest)
        case "/set": self = Self.setting(rest)
        case "/save": self = rest.isEmpty ? .lacks("/save FILE") : .save(rest)
        case "/load": self = rest.isEmpty ? .lacks("/load FILE") : .load(rest)
        case "/regenerate": self = .regenerate
        case "/stats": self = .stats
        case "/clear": self = .clear
        case "/exit", "/quit", "/bye": self = .exit
        default: self = .unknown(name)
        }
    }

    package static var helpText: String {
        Language.text(
            zh: """
                /help              这些说明
                /system 文字       设置系统提示（none 去掉；不带文字则显示）
                /set 名称 值       设置采样：\(ChatSettings.names.joined(separator: "、"))
                /regenerate        重新回答上一个问题
                /stats             词元数与速度
                /save 文件         保存对话（JSON）
                /load 文件         载入对话
                /clear             开始新对话
                /exit              离开（也可用 Ctrl-D）
                行尾写 \\ 则继续下一行；\"\"\" 之间可写多行；Alt-Enter 换行；// 开头则发送斜杠。
                Ctrl-C 停止回答。
                """,
            en: """
                /help              this
                /system TEXT       set the system message (none removes it; alone shows it)
                /set NAME VALUE    set sampling: \(ChatSettings.names.joined(separator: ", "))
                /regenerate        answer the last question again
                /stats             tokens and speed
                /save FILE         write the conversation (JSON)
                /load FILE         read a conversation
                /clear             begin a new conversation
                /exit              leave (or Ctrl-D)
                A line that ends in \\ goes on in the next; \"\"\" encloses several lines; Alt-Enter breaks a line;
                // at the start sends a slash. Ctrl-C stops the answer.
                """)
    }

    private static func setting(_ rest: String) -> ChatCommand {
        let words = rest.split { $0.isWhitespace || $0 == "=" }.map(String.init)
        switch words.count {
        case 0: return .showSettings
        case 2: return .set(name: words[0], value: words[1])
        default: return .lacks("/set NAME VALUE")
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
