import Foundation
import JSON

/// Runs side by side: the settings in which they differ, and what came of them.
package struct RunComparison: Sendable {
    package let summaries: [RunSummary]
    /// Settings by their names in config.json, with a text for each run.
    package let differences: [(name: String, values: [String])]

    package init(_ folders: [RunFolder]) throws(TrainingError) {
        var summaries: [RunSummary] = []
        var settings: [JSONValue] = []
        for folder in folders {
            summaries.append(try RunSummary(folder))
            let bytes = try Files.read(folder.configurationPath, bytesMax: Files.jsonBytesMax)
            settings.append((try? JSONValue(parsing: bytes)) ?? .null)
        }
        self.summaries = summaries
        differences = Self.differences(settings, "")
    }

    /// The newest figures; nil where a run has none.
    package var results: [(name: String, values: [Double?])] {
        var rows: [(name: String, values: [Double?])] = []
        rows.append(("step", summaries.map { Double($0.step) }))
        rows.append(("tokens", summaries.map { Double($0.tokens) }))
        rows.append(("seconds", summaries.map(\.seconds)))
        rows.append(("loss", summaries.map(\.loss)))
        for name in Set(summaries.flatMap(\.bitsPerByte.keys)).sorted() {
            rows.append(("bits_per_byte.\(name)", summaries.map { $0.bitsPerByte[name] }))
        }
        rows.append(("tokens_per_second", summaries.map(\.tokensPerSecond)))
        rows.append(("skips", summaries.map { Double($0.skips) }))
        rows.append(("rollbacks", summaries.map { Double($0.rollbacks) }))
        return rows
    }

    package var json: JSONValue {
        let differences = differences.map { ($0.name, JSONValue.array($0.values.map { .string($0) })) }
        return [
            "runs": .array(summaries.map(\.json)), "differences": .object(JSONObject(differences.map { ($0, $1) })),
        ]
    }

    /// Members whose texts differ, objects member by member.
    private static func differences(_ values: [JSONValue], _ path: String) -> [(name: String, values: [String])] {
        let objects = values.compactMap(\.object)
        guard objects.count == values.count else {
            let texts = values.map { $0.string ?? $0.serialized() }
            return Set(texts).count > 1 ? [(path, texts)] : []
        }
        let names = Set(objects.flatMap { $0.map(\.key) }).sorted()
        return names.flatMap { name in
            differences(values.map { $0[name] ?? .null }, path.isEmpty ? name : "\(path).\(name)")
        }
    }
}
