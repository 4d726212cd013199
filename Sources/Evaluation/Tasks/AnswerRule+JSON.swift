import JSON

extension AnswerRule {
    /// What is wrong with rules that somebody wrote.
    struct Fault: Error {
        var reason: String
    }

    private static let members = [
        "matches", "contains", "contains_any", "lacks", "begins", "ends", "words", "sentences", "list_items", "json",
        "language",
    ]

    /// Rules as a file has them: an object, all of whose members must be kept.
    ///
    ///     {"matches": "结论：[^\n]+(\n- [^\n]+){0,3}", "contains": "丹青", "lacks": ["Qwen", "通义"], "language": "zh"}
    ///
    /// | member | value |
    /// |---|---|
    /// | `matches` | a regular expression for the whole answer, or several |
    /// | `contains`, `lacks` | a text, or several: all of them, none of them; case does not matter |
    /// | `contains_any` | texts of which one must be there |
    /// | `begins`, `ends` | a text |
    /// | `words`, `sentences`, `list_items` | a number, or two: at least and at most |
    /// | `json` | the keys of a JSON object |
    /// | `language` | `zh` or `en` |
    static func read(_ value: JSONValue) throws(Fault) -> [AnswerRule] {
        guard let object = value.object, !object.isEmpty else {
            throw Fault(reason: "field “rules”: expected an object of rules")
        }
        var rules: [AnswerRule] = []
        for (name, value) in object { rules += try read(name, value) }
        return rules
    }

    private static func read(_ name: String, _ value: JSONValue) throws(Fault) -> [AnswerRule] {
        switch name {
        case "matches":
            return try texts(name, value).map { text throws(Fault) in
                do { return .matches(try AnswerPattern(text)) } catch {
                    throw Fault(reason: "field “rules.matches”: \(error)")
                }
            }
        case "contains": return try texts(name, value).map { .contains($0) }
        case "contains_any": return [.containsAny(try texts(name, value))]
        case "lacks": return try texts(name, value).map { .lacks($0) }
        case "begins": return [.begins(try text(name, value))]
        case "ends": return [.ends(try text(name, value))]
        case "words": return [.words(try range(name, value))]
        case "sentences": return [.sentences(try range(name, value))]
        case "list_items": return [.listItems(try range(name, value))]
        case "json": return [.isJSON(keys: try texts(name, value))]
        case "language":
            switch value.string {
            case "zh": return [.isChinese]
            case "en": return [.isEnglish]
            default: throw Fault(reason: "field “rules.language”: expected zh or en")
            }
        default:
            throw Fault(reason: "field “rules”: “\(name)” is no rule; there are \(members.joined(separator: ", "))")
        }
    }

    private static func text(_ name: String, _ value: JSONValue) throws(Fault) -> String {
        guard let text = value.string, !text.isEmpty else {
            throw Fault(reason: "field “rules.\(name)”: expected a text")
        }
        return text
    }

    private static func texts(_ name: String, _ value: JSONValue) throws(Fault) -> [String] {
        guard let list = value.array else { return [try text(name, value)] }
        guard !list.isEmpty else { throw Fault(reason: "field “rules.\(name)”: expected one text at least") }
        var texts: [String] = []
        for member in list { texts.append(try text(name, member)) }
        return texts
    }

    private static func range(_ name: String, _ value: JSONValue) throws(Fault) -> ClosedRange<Int> {
        let bounds = value.array ?? [value, value]
        guard bounds.count == 2, let low = bounds[0].int, let high = bounds[1].int, 0 <= low, low <= high else {
            throw Fault(reason: "field “rules.\(name)”: expected a number, or [at least, at most]")
        }
        return low...high
    }
}
