import Foundation

/// 1 when an answer, without the white space around it, is one of these texts, else 0.
struct ExactReward: Reward {
    let answers: [String]
    var ignoresCase = false
    let best = 1.0

    func value(of answer: JudgedAnswer) -> Double? {
        let text = plain(answer.text)
        return answers.contains { plain($0) == text } ? 1 : 0
    }

    private func plain(_ text: String) -> String {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return ignoresCase ? text.lowercased() : text
    }
}
