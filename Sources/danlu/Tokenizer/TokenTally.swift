import JSON
import Tokens

/// How much text goes into how many tokens, for each kind of text.
struct TokenTally {
    struct Count {
        var characters = 0
        var bytes = 0
        var tokens = 0

        var charactersPerToken: Double { tokens > 0 ? Double(characters) / Double(tokens) : 0 }
        var bytesPerToken: Double { tokens > 0 ? Double(bytes) / Double(tokens) : 0 }

        var json: JSONValue {
            [
                "characters": .int(characters), "bytes": .int(bytes), "tokens": .int(tokens),
                "characters_per_token": .double(charactersPerToken), "bytes_per_token": .double(bytesPerToken),
            ]
        }
    }

    private(set) var counts: [TextKind: Count] = [:]

    var all: Count {
        counts.values.reduce(into: Count()) {
            $0.characters += $1.characters
            $0.bytes += $1.bytes
            $0.tokens += $1.tokens
        }
    }

    /// Counts a text line by line, each with its end; neighbours of one kind are encoded together.
    mutating func add(_ text: String, _ tokenizer: Tokenizer) {
        var run = ""
        var kind = TextKind.other
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let own = TextKind(of: line)
            // Empty lines, and lines of signs, go with what is around them.
            if own != kind, own != .other {
                flush(&run, kind, tokenizer)
                kind = own
            }
            run += line
            run += "\n"
        }
        flush(&run, kind, tokenizer)
    }

    private mutating func flush(_ run: inout String, _ kind: TextKind, _ tokenizer: Tokenizer) {
        guard !run.isEmpty else { return }
        var count = counts[kind] ?? Count()
        count.characters += run.unicodeScalars.count
        count.bytes += run.utf8.count
        count.tokens += tokenizer.encode(run, special: false).count
        counts[kind] = count
        run = ""
    }

    var json: JSONValue {
        var object = JSONObject()
        for kind in TextKind.allCases { if let count = counts[kind] { object[kind.rawValue] = count.json } }
        object["all"] = all.json
        return .object(object)
    }
}
