import JSON

/// Where a habit comes from: how often each source has a pattern, beside how often a model writes it.
package struct HabitReport: Sendable {
    package struct Source: Sendable {
        package var name: String
        package var tally: HabitTally
        /// Of the source's text that was looked at.
        package var share: Double
        /// Documents that have it, with what is around it.
        package var examples: [Example]

        /// In the whole source, if the rest is like what was looked at.
        package var occurrences: Double { share > 0 ? Double(tally.occurrences) / share : 0 }
    }

    package struct Example: Sendable {
        package var file: String
        package var line: Int
        package var metadata: JSONObject?
        package var excerpt: String
    }

    package var pattern: String
    /// The one with the most occurrences first.
    package var sources: [Source]
    /// Nil when no model was asked.
    package var model: HabitTally?

    /// Of the whole corpus.
    package var corpusPerMillion: Double {
        let characters = sources.reduce(0.0) { $0 + ($1.share > 0 ? Double($1.tally.characters) / $1.share : 0) }
        return characters > 0 ? sources.reduce(0) { $0 + $1.occurrences } * 1e6 / characters : 0
    }

    /// The sources that teach it: those above the corpus' own rate, while together they have less than nine tenths of
    /// all occurrences.
    package var guilty: [Source] {
        let all = sources.reduce(0) { $0 + $1.occurrences }
        var (found, sum): ([Source], Double) = ([], 0)
        for source in sources where source.tally.perMillion > corpusPerMillion || sources.count == 1 {
            guard source.occurrences > 0, sum < 0.9 * all else { break }
            found.append(source)
            sum += source.occurrences
        }
        return found
    }

    package var json: JSONValue {
        var object: JSONObject = [
            "pattern": .string(pattern), "per_million": .double(corpusPerMillion),
            "guilty": .array(guilty.map { .string($0.name) }),
            "sources": .array(sources.map(json)),
        ]
        if let model { object["model"] = .object(model.json) }
        return .object(object)
    }

    private func json(_ source: Source) -> JSONValue {
        var object = source.tally.json
        object["name"] = .string(source.name)
        object["share_read"] = .double(source.share)
        object["examples"] = .array(
            source.examples.map { example in
                var fields: JSONObject = [
                    "file": .string(example.file), "line": .int(example.line), "excerpt": .string(example.excerpt),
                ]
                if let metadata = example.metadata { fields["metadata"] = .object(metadata) }
                return .object(fields)
            })
        return .object(object)
    }
}
