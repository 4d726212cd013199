/// One shape that is measured: tokens read at once, or generated one by one.
package struct BenchTest: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case prompt
        case generation
    }

    package var kind: Kind
    /// Tokens of each sequence that are computed and timed.
    package var tokens: Int
    /// Tokens of each sequence that are in the cache before.
    package var depth = 0
    /// Sequences that are computed together.
    package var sequences = 1

    package init(kind: Kind, tokens: Int, depth: Int = 0, sequences: Int = 1) {
        self.kind = kind
        self.tokens = tokens
        self.depth = depth
        self.sequences = sequences
    }

    /// As llama-bench calls it: `pp512`, `tg128 @ d4096`; `tg128 x8` for eight sequences at once.
    package var name: String {
        let base = (kind == .prompt ? "pp" : "tg") + String(tokens)
        if sequences > 1 { return "\(base) x\(sequences)" }
        return depth > 0 ? "\(base) @ d\(depth)" : base
    }

    /// The longest a sequence gets.
    package var length: Int { depth + tokens }

    /// Every combination that the lists ask for: prompts and generation at each depth, then generation of several
    /// sequences that have read `batchPrompt` tokens each.
    package static func all(
        prompts: [Int], generated: [Int], depths: [Int], sequences: [Int], batchPrompt: Int
    ) -> [BenchTest] {
        var tests: [BenchTest] = []
        for depth in depths {
            tests += prompts.filter { $0 > 0 }.map { BenchTest(kind: .prompt, tokens: $0, depth: depth) }
            guard sequences.contains(1) else { continue }
            tests += generated.filter { $0 > 0 }.map { BenchTest(kind: .generation, tokens: $0, depth: depth) }
        }
        for count in sequences where count > 1 {
            tests += generated.filter { $0 > 0 }.map {
                BenchTest(kind: .generation, tokens: $0, depth: batchPrompt, sequences: count)
            }
        }
        return tests
    }
}
