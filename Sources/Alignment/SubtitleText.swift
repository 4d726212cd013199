import Corpus
import Languages

/// What is said in subtitles: without dashes of speakers, notes for the deaf, credits and advertisements.
enum SubtitleText {
    /// Signs of lines that nobody says.
    private static let credits = [
        "字幕", "翻译", "翻譯", "校对", "校對", "时间轴", "時間軸", "后期", "压制", "www.", "http", ".com", "subtitle", "synced",
        "sync by", "corrected by", "opensubtitles", "translated by", "加入", "招募",
    ]
    private static let creditLettersMax = 60

    /// The lines of a cue that are said, in one.
    static func spoken(_ lines: [String]) -> String {
        lines.compactMap(spoken).joined(separator: " ")
    }

    static func spoken(_ line: String) -> String? {
        var text = ""
        var depth = 0
        for character in line {
            if "([（［【♪".contains(character), character != "♪" { depth += 1 }
            if depth == 0, character != "♪" { text.append(character) }
            if ")]）］】".contains(character) { depth = max(0, depth - 1) }
        }
        while let first = text.first, "-–—－ 　>".contains(first) { text.removeFirst() }
        while let last = text.last, last == " " || last == "　" { text.removeLast() }
        let lower = text.lowercased()
        let isCredit =
            text.count <= creditLettersMax && credits.contains { lower.contains($0) } && !lower.contains("字幕上")
        return text.isEmpty || isCredit ? nil : text
    }
}
