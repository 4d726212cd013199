import Synchronization

/// The tokens that may follow in a grammar, for one vocabulary; remembers what it found.
///
/// Which tokens may follow depends on all open rules, but mostly on the innermost: tokens that stay inside it are found
/// once for each of its states, and with them the places in the tree of tokens where it ends. Only from those places
/// on, a few of all tokens, the rules around it are asked each time.
///
/// May be used from any thread; answers of one grammar shared by several requests are found once for all.
public final class TokenMasks: Sendable {
    public let grammar: Grammar
    public let trie: TokenTrie
    private let finder: Mutex<MaskFinder>

    public init(_ grammar: Grammar, _ trie: TokenTrie) {
        self.grammar = grammar
        self.trie = trie
        finder = Mutex(MaskFinder(grammar, trie))
    }

    /// The state before the first token.
    public func start() -> TokenMatcher { TokenMatcher(masks: self, matcher: grammar.matcher()) }

    func mask(_ configuration: Configuration) -> [UInt64] { finder.withLock { $0.mask(configuration) } }
}

/// How far a text made of tokens has come. A value: a copy goes its own way.
public struct TokenMatcher: Sendable {
    public let masks: TokenMasks
    public private(set) var matcher: Matcher

    init(masks: TokenMasks, matcher: Matcher) {
        self.masks = masks
        self.matcher = matcher
    }

    /// Whether the text may end here.
    public var isComplete: Bool { matcher.isComplete }

    /// One bit for each token that may come next, bit `id % 64` of word `id / 64`; end tokens when the text is whole.
    public func allowed() -> [UInt64] { masks.mask(matcher.configuration) }

    /// Goes on past a token. False, and nothing changes, when it may not follow or is one that ends the text.
    @discardableResult
    public mutating func accept(_ token: Int32) -> Bool {
        guard token >= 0, Int(token) < masks.trie.spellings.count else { return false }
        let bytes = masks.trie.spellings[Int(token)]
        return !bytes.isEmpty && !masks.trie.endTokens.contains(token) && matcher.read(bytes)
    }
}
