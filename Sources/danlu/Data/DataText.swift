import Foundation
import Instructions

/// What the verbs of `danlu data` say in words.
enum DataText {
    static let shownMax = 10

    static func summary(_ pass: DataPass) -> [String] {
        let survey = pass.survey
        let schemas = Schema.allCases.compactMap { schema in survey.schemas[schema].map { "\(schema.rawValue) \($0)" } }
        var lines = [
            Language.text(
                zh: "\(survey.examples) 例（\(schemas.joined(separator: "，"))），\(pass.faultCount) 处错误",
                en: "\(survey.examples) examples (\(schemas.joined(separator: ", "))), \(pass.faultCount) broken"),
            Language.text(
                zh: "重复：\(pass.census.exactRepeats) 例完全相同；忽略大小写、标点与空白后 \(pass.census.normalizedRepeats) 例",
                en: "repeats: \(pass.census.exactRepeats) exact, \(pass.census.normalizedRepeats) without case, "
                    + "punctuation and space"),
        ]
        for item in pass.repeats.prefix(shownMax) {
            lines.append(
                "  " + Language.text(zh: "\(item.source) 同 \(item.first)", en: "\(item.source) = \(item.first)"))
        }
        if pass.repeats.count > shownMax { lines.append("  …") }
        guard !pass.options.against.isEmpty else { return lines }
        let contamination = pass.contamination
        lines.append(
            Language.text(
                zh: "评测污染：\(contamination.exampleCount) 例含有评测的内容；\(contamination.itemCount) 道题中 "
                    + "\(contamination.itemsFound) 道出现过",
                en: "contamination: \(contamination.exampleCount) examples contain parts of the evaluation; "
                    + "\(contamination.itemsFound) of its \(contamination.itemCount) items were found"))
        for overlap in pass.overlaps.prefix(shownMax) {
            let text = overlap.text.prefix(80).replacing("\n", with: " ")
            lines.append("  \(overlap.source) ~ \(overlap.evaluation): \(text)")
        }
        if pass.overlaps.count > shownMax { lines.append("  …") }
        return lines
    }

    static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
