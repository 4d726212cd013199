import JSON
import Washing

/// A document that has a part of an answer, and what let it into the corpus.
package struct TracedDocument: Sendable {
    package var place: Occurrence
    /// How much of the question and the answer stands around the place (BM25): higher is more.
    package var relevance: Double
    /// What the corpus' recipe says of the document, the rule that was nearest to dropping it first. Nil for a corpus
    /// that Danlu has not washed, and for very long documents.
    package var rules: [Verdict.Check]?

    /// Rules that are written.
    package static let rulesMax = 5
    /// Rules further from their limits than this share say nothing of a document; only the nearest is named then.
    package static let marginMax = 0.75

    /// The rules that a reader is shown.
    package var tellingRules: [Verdict.Check] {
        let near = (rules ?? []).prefix(3).filter { $0.margin <= Self.marginMax }
        return near.isEmpty ? Array((rules ?? []).prefix(1)) : near
    }

    /// What steps took out of it or put in the place of something: how many parts, by step and rule; nil where nothing
    /// was changed or washing did not note it.
    package var changes: [(name: String, parts: Int)]? {
        // Members that are no text are kept as their JSON.
        guard let text = place.metadata?["changes"]?.string, let noted = try? JSONValue(parsing: Array(text.utf8)),
            let object = noted.object
        else { return nil }
        let changes = object.compactMap { name, value in value.int.map { (name: name, parts: $0) } }
        return changes.isEmpty ? nil : changes
    }

    var json: JSONObject {
        var object: JSONObject = [
            "document": .int(place.document), "source": .string(place.source), "file": .string(place.file),
            "line": .int(place.line), "before": .string(place.before), "text": .string(place.text),
            "after": .string(place.after), "relevance": .double(relevance),
        ]
        if let metadata = place.metadata { object["metadata"] = .object(metadata) }
        object["rules"] = rules.map { rules in
            .array(
                rules.prefix(Self.rulesMax).map { rule in
                    [
                        "step": .string(rule.step), "rule": .string(rule.rule), "value": .double(rule.value),
                        "limit": .double(rule.limit), "at_least": .bool(rule.isLeast), "kept": .bool(rule.isKept),
                        "margin": .double(rule.margin),
                    ]
                })
        }
        object["changes"] = changes.map { changes in
            .object(changes.reduce(into: JSONObject()) { $0[$1.name] = .int($1.parts) })
        }
        return object
    }
}
