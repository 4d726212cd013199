import Grammar
import Instructions
import JSON

/// The members of a reward's specification; each fault names file, line and member.
struct RewardFields {
    let path: String
    let source: SourceLine
    private let json: JSONValue

    init(_ json: JSONValue, _ path: String, _ source: SourceLine) {
        (self.json, self.path, self.source) = (json, path, source)
    }

    subscript(name: String) -> JSONValue? { json[name] }

    func fault(_ field: String, _ reason: String) -> TuningError {
        .reward(source: "\(source)", field: "\(path).\(field)", reason: reason)
    }

    func missing(_ field: String, _ expected: String) -> TuningError {
        guard let found = json[field] else { return fault(field, "is missing; give \(expected)") }
        return fault(field, "is \(found.kind); give \(expected)")
    }

    /// A member that is misspelt must not be passed over.
    func allow(_ names: [String]) throws(TuningError) {
        let known = ["type", "weight"] + names
        guard let odd = json.object?.first(where: { !known.contains($0.key) })?.key else { return }
        throw fault(String(odd.prefix(40)), "is not known; this type has \(names.joined(separator: ", "))")
    }

    func text(_ name: String) throws(TuningError) -> String {
        guard let text = json[name]?.string, !text.isEmpty else { throw missing(name, "a text") }
        return text
    }

    /// One text or several.
    func texts(_ name: String) throws(TuningError) -> [String] {
        let texts = (json[name]?.array ?? json[name].map { [$0] } ?? []).compactMap(\.string)
        guard !texts.isEmpty, texts.count == json[name]?.array?.count ?? 1 else {
            throw missing(name, "a text, or a list of texts")
        }
        return texts
    }

    /// A number, or a text that is one.
    func answerNumber(_ name: String) throws(TuningError) -> Double {
        let number = json[name]?.double ?? json[name]?.string.flatMap { Double($0.replacing(",", with: "")) }
        guard let number, number.isFinite else { throw missing(name, "a number") }
        return number
    }

    func number(_ name: String, _ range: ClosedRange<Double>, default: Double) throws(TuningError) -> Double {
        guard let value = json[name] else { return `default` }
        guard let number = value.double, range.contains(number) else {
            throw fault(name, "is no number within \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    func whole(_ name: String, _ range: ClosedRange<Int>, default: Int) throws(TuningError) -> Int {
        guard let value = json[name] else { return `default` }
        guard let number = value.int, range.contains(number) else {
            throw fault(name, "is no whole number within \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String) throws(TuningError) -> Bool {
        guard let value = json[name] else { return false }
        guard let flag = value.bool else { throw missing(name, "true or false") }
        return flag
    }

    func compiling<Value>(_ name: String, _ body: () throws(GrammarError) -> Value) throws(TuningError) -> Value {
        do { return try body() } catch { throw fault(name, "\(error)") }
    }
}
