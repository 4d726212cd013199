import Grammar
import Synchronization
import Tokens

/// Compiled forms of a model, the last few kept: clients ask for the same one again and again.
final class GrammarShelf: Sendable {
    private struct State {
        /// Made when the first form is asked for.
        var trie: TokenTrie?
        var grammars: [String: TokenMasks] = [:]
        /// The least recently used first.
        var order: [String] = []

        mutating func use(_ key: String) -> TokenMasks? {
            guard let masks = grammars[key] else { return nil }
            order.removeAll { $0 == key }
            order.append(key)
            return masks
        }

        mutating func keep(_ masks: TokenMasks, for key: String, grammarsMax: Int) {
            if grammars[key] == nil { order.append(key) }
            grammars[key] = masks
            while order.count > grammarsMax { grammars[order.removeFirst()] = nil }
        }
    }

    private let tokenizer: Tokenizer
    private let stopTokens: Set<Int32>
    private let limits: GrammarLimits
    private let grammarsMax: Int
    private let state = Mutex(State())

    init(tokenizer: Tokenizer, stopTokens: Set<Int32>, _ limits: AssistantLimits) {
        self.tokenizer = tokenizer
        self.stopTokens = stopTokens
        self.limits = limits.grammar
        grammarsMax = limits.grammarsMax
    }

    func constraint(_ layout: GrammarLayout) throws(GrammarError) -> GrammarConstraint {
        let key = layout.key
        if let known = state.withLock({ $0.use(key) }) { return GrammarConstraint(masks: known) }
        // Compiled without the lock, so that a large grammar holds up nobody else.
        let grammar = try Grammar(layout, limits: limits)
        let masks = state.withLock { state in
            let trie = state.trie ?? makeTrie()
            state.trie = trie
            let masks = TokenMasks(grammar, trie)
            state.keep(masks, for: key, grammarsMax: grammarsMax)
            return masks
        }
        return GrammarConstraint(masks: masks)
    }

    private func makeTrie() -> TokenTrie {
        TokenTrie(tokens: (0..<Int32(tokenizer.vocabularySize)).map { tokenizer.bytes(of: $0) }, endTokens: stopTokens)
    }
}
