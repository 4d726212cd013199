/// The language of a document by the script of its letters: Chinese, or anything else. What the language step begins
/// with, and what stands in where a recipe has none.
enum LanguageShares {
    static let hanShareMin = 0.2
    static let kanaShareMin = 0.05

    static func code(_ scan: TextScan) -> String {
        let counts = scan.counts
        let eastAsian = counts.han + counts.kana + counts.hangul
        let letters = counts.letters + eastAsian
        guard letters > 0 else { return "" }
        if Double(counts.hangul) >= hanShareMin * Double(letters) { return "ko" }
        if counts.kana > 0, Double(counts.kana) >= kanaShareMin * Double(eastAsian),
            Double(eastAsian) >= hanShareMin * Double(letters)
        {
            return "ja"
        }
        return Double(counts.han) >= hanShareMin * Double(letters) ? "zh" : "en"
    }
}
