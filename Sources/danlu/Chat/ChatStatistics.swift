import Assistant
import Foundation

/// Tokens and speeds of a chat so far.
struct ChatStatistics {
    private var answers = 0
    private var stopped = 0
    private var tokens = 0
    private var last: AnswerTokens?

    mutating func add(_ answer: ReadAnswer) {
        answers += 1
        if answer.isStopped { stopped += 1 }
        guard let usage = answer.end?.usage else { return }
        tokens += usage.completion
        last = usage
    }

    func text(of assistant: Assistant) -> String {
        let context = assistant.description.contextTokens
        var lines = [
            Language.text(
                zh: "回答 \(answers) 个（停止 \(stopped) 个），共 \(tokens) 个词元",
                en: "\(answers) answers (\(stopped) stopped), \(tokens) tokens in all")
        ]
        if let last {
            let first = String(format: "%.2f", last.firstTokenSeconds)
            let speed = String(format: "%.1f", last.tokensPerSecond)
            let used = last.prompt + last.completion
            lines.append(
                Language.text(
                    zh: "上次：提示 \(last.prompt)（缓存 \(last.cached)），回答 \(last.completion)，首词元 \(first) 秒，\(speed) 词元/秒",
                    en: "last: prompt \(last.prompt) (\(last.cached) cached), answer \(last.completion), "
                        + "first token after \(first) s, \(speed) tokens/s"))
            lines.append(
                Language.text(
                    zh: "上下文 \(used) / \(context)（\(used * 100 / max(1, context))%）",
                    en: "context \(used) / \(context) (\(used * 100 / max(1, context))%)"))
        }
        let (proposed, accepted) = (assistant.statistics.proposedTokens, assistant.statistics.acceptedTokens)
        if proposed > 0 {
            let share = accepted * 100 / proposed
            lines.append(
                Language.text(
                    zh: "推测：猜 \(proposed) 个，对 \(accepted) 个（\(share)%）",
                    en: "guessed ahead: \(proposed) tokens, \(accepted) right (\(share)%)"))
        }
        return lines.joined(separator: "\n")
    }
}
