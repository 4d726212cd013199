import JSON

/// What a washing came to.
package struct WashingOutcome: Codable, Sendable {
    package var recipe = ""
    package var statistics = WashingStatistics(steps: [])
    package var shards: [Sharder.Shard] = []
    var merged = Merger.Facts()
    var learnt = LearntModels.Facts()
    package var dialogues = 0
    package var seconds = 0.0
    /// Another program finishes this washing: there are no numbers here.
    package var isPart = false

    package init(isPart: Bool) { self.isPart = isPart }

    package init(recipe: String, statistics: WashingStatistics, seconds: Double) {
        self.recipe = recipe
        self.statistics = statistics
        self.seconds = seconds
    }

    /// Documents and bytes of text in a split.
    package func amount(_ split: String) -> WashingStatistics.Amount {
        shards.filter { $0.split == split }.reduce(into: WashingStatistics.Amount()) {
            $0.documents += $1.documents
            $0.bytes += $1.textBytes
        }
    }

    /// What `danlu clean --json` ends with.
    package var json: JSONValue {
        func amount(_ value: WashingStatistics.Amount) -> JSONValue {
            ["documents": .int(value.documents), "bytes": .int(value.bytes)]
        }
        let steps = statistics.steps.map { step -> JSONValue in
            let rules = step.rules.sorted { $0.key < $1.key }.map { name, rule -> (String, JSONValue) in
                (
                    name,
                    [
                        "dropped": amount(rule.dropped), "nearly_dropped": .int(rule.nearlyDropped),
                        "parts": .int(rule.parts), "part_bytes": .int(rule.partBytes),
                    ]
                )
            }
            let measures = step.measures.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.int($0.value)) }
            return [
                "step": .string(step.name), "in": amount(step.input), "out": amount(step.output),
                "rules": .object(JSONObject(rules.map { (key: $0.0, value: $0.1) })),
                "measures": .object(JSONObject(measures.map { (key: $0.0, value: $0.1) })),
            ]
        }
        return [
            "recipe": .string(recipe), "in": amount(statistics.before.total), "out": amount(statistics.after.total),
            "file_bytes": .int(statistics.fileBytes), "faults": .int(statistics.faults),
            "train": amount(self.amount("train")), "validation": amount(self.amount("validation")),
            "dialogues": .int(dialogues), "steps": .array(steps), "shards": .int(shards.count),
            "seconds": .double(seconds),
        ]
    }
}

extension WashingStatistics {
    /// Fills in what went into the steps on all documents and came out: it follows from what they dropped.
    package mutating func closeLaterSteps(_ names: [String]) {
        let first = steps.count - names.count
        var left = first > 0 ? steps[first - 1].output : before.total
        for place in first..<steps.count {
            steps[place].input = left
            for rule in steps[place].rules.values {
                left.documents -= rule.dropped.documents
                left.bytes -= rule.dropped.bytes + rule.partBytes
            }
            steps[place].output = left
        }
    }
}
