import Foundation
import JSON

/// Something that can be asked of an answer's form and checked without understanding it.
package enum AnswerRule: Sendable, Equatable {
    /// So many words; a Han character is one.
    case words(ClosedRange<Int>)
    case sentences(ClosedRange<Int>)
    /// Lines that begin with `-`, `*`, `•` or a number.
    case listItems(ClosedRange<Int>)
    case isJSON(keys: [String])
    case contains(String)
    case containsAny([String])
    case lacks(String)
    case begins(String)
    case ends(String)
    /// From its first to its last character.
    case matches(AnswerPattern)
    case isChinese
    case isEnglish
    case isUppercase
    case isLowercase

    /// As results name what was not kept.
    var name: String {
        switch self {
        case .words(let range): "words \(range.lowerBound)…\(range.upperBound)"
        case .sentences(let range): "sentences \(range.lowerBound)…\(range.upperBound)"
        case .listItems(let range): "list items \(range.lowerBound)…\(range.upperBound)"
        case .isJSON(let keys): "JSON with \(keys.joined(separator: ", "))"
        case .contains(let text): "contains “\(text)”"
        case .containsAny(let texts): "contains one of “\(texts.joined(separator: "”, “"))”"
        case .lacks(let text): "lacks “\(text)”"
        case .begins(let text): "begins “\(text)”"
        case .ends(let text): "ends “\(text)”"
        case .matches(let pattern): "matches \(pattern)"
        case .isChinese: "Chinese"
        case .isEnglish: "English"
        case .isUppercase: "upper case"
        case .isLowercase: "lower case"
        }
    }

    /// Of an answer without the white space around it.
    package func isKept(by answer: String) -> Bool {
        let answer = answer.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !answer.isEmpty else { return false }
        switch self {
        case .words(let range): return range.contains(Self.wordCount(answer))
        case .sentences(let range):
            let count = answer.split { ".!?。！？".contains($0) }
                .count { $0.contains { $0.isLetter || $0.isNumber } }
            return range.contains(count)
        case .listItems(let range): return range.contains(Self.listItems(answer))
        case .isJSON(let keys): return Self.object(answer).map { json in keys.allSatisfy { json[$0] != nil } } ?? false
        case .contains(let text): return Self.contains(answer, text)
        case .containsAny(let texts): return texts.contains { Self.contains(answer, $0) }
        case .lacks(let text): return !Self.contains(answer, text)
        case .begins(let text): return answer.hasPrefix(text)
        case .ends(let text): return answer.hasSuffix(text)
        case .matches(let pattern): return pattern.matches(answer)
        case .isChinese: return Self.hanShare(answer) > 0.5
        case .isEnglish: return Self.hanShare(answer) < 0.05 && answer.contains { $0.isASCII && $0.isLetter }
        case .isUppercase: return !answer.contains(where: \.isLowercase)
        case .isLowercase: return !answer.contains(where: \.isUppercase)
        }
    }

    private static func contains(_ answer: String, _ text: String) -> Bool {
        answer.localizedLowercase.contains(text.localizedLowercase)
    }

    /// A Han character is a word.
    package static func wordCount(_ text: String) -> Int {
        let han = text.unicodeScalars.count(where: isHan)
        let others = text.split { character in
            !(character.isLetter || character.isNumber || character == "'" || character == "-")
                || character.unicodeScalars.contains(where: isHan)
        }
        return han + others.count
    }

    private static func listItems(_ text: String) -> Int {
        text.split(separator: "\n").count { $0.firstMatch(of: /^\s*(?:[-*•]|[0-9]{1,2}[.)、])\s*\S/) != nil }
    }

    /// The answer as a JSON object; a fence of Markdown around it is common and harms nobody.
    private static func object(_ text: String) -> JSONObject? {
        var text = text[...]
        if let match = text.firstMatch(of: /^```(?:json)?\s*\n([\s\S]*?)\n?```$/) { text = match.1 }
        return (try? JSONValue(parsing: String(text)))?.object
    }

    /// Of the letters.
    private static func hanShare(_ text: String) -> Double {
        let letters = text.unicodeScalars.filter(\.properties.isAlphabetic)
        return letters.isEmpty ? 0 : Double(letters.count(where: isHan)) / Double(letters.count)
    }

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        (0x3400...0x4DBF).contains(scalar.value) || (0x4E00...0x9FFF).contains(scalar.value)
            || (0x20000...0x3FFFF).contains(scalar.value)
    }
}
