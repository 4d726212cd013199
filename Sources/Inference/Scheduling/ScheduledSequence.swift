import Kernels
package import Model

/// One sequence as the scheduler sees it: tokens, and how far their keys and values are computed.
///
///     waiting --admitted: has pages--> placed? no --knows what it need not compute--> placed
///        ^                                                                              |
///        └───────────── preempted: gives its pages up, keeps its tokens ────────────────┘
///
/// From every state a sequence can be removed: it is finished, or cancelled.
package struct ScheduledSequence: Sendable {
    package enum Purpose: Sendable, Equatable {
        case generation
        /// As generation, with a row of logits for every token of the prompt.
        case scoring
        /// Hidden states of every token; nothing is generated.
        case embedding
    }

    package let id: SequenceID
    package let owner: String
    package let adapters: [AdapterUse]
    /// Whose prefixes it shares. Keys and values depend on the adapters, so these are part of it.
    let prefixOwner: String
    package let purpose: Purpose
    package let promptTokens: Int
    /// How many tokens it may generate.
    package let answerTokensMax: Int
    /// Lower goes first among its owner's; see `GenerationRequest.priority`.
    package let priority: Int
    /// Seconds on the engine's clock.
    package let submittedAt: Double
    /// The prompt and what was generated.
    package internal(set) var tokens: [Int32]

    /// Positions whose keys and values are in its pages.
    package internal(set) var computed = 0
    /// Prompt positions whose logits were handed out.
    var scored = 0
    /// The nodes of the prefix tree that are its first pages.
    package internal(set) var path: [PrefixTree.NodeID] = []
    /// All its pages: the path's, then its own.
    package internal(set) var pages: [Int32] = []
    /// It knows what it need not compute, and has it.
    package internal(set) var isPlaced = false
    /// What was computed when it was preempted.
    var lostTokens = 0
    /// It was placed once; a preempted sequence starts only once.
    var hasStarted = false
    /// Admissions are counted: whoever came later waits for whoever came earlier, never the other way round.
    var admission = 0
    /// Prompt tokens that the cache did not hold when it came.
    var uncachedTokens: Int
    /// How many went past it because it did not fit.
    var overtaken = 0
    /// It may be told to come back later to make room in the queue.
    var mayBeDropped = true

    package init(
        id: SequenceID, owner: String = "", adapters: [AdapterUse] = [], purpose: Purpose = .generation,
        prompt: [Int32], answerTokensMax: Int, priority: Int = 0, submittedAt: Double = 0
    ) {
        precondition(!prompt.isEmpty, "an empty prompt")
        self.id = id
        self.owner = owner
        self.adapters = adapters
        // No owner's name begins with a zero byte, so none can be another's with adapters.
        let uses = adapters.map { "\($0.adapter.id)*\($0.scale.bitPattern)," }.joined()
        prefixOwner = adapters.isEmpty ? owner : "\0\(uses)\0\(owner)"
        self.purpose = purpose
        promptTokens = prompt.count
        self.answerTokensMax = answerTokensMax
        self.priority = priority
        self.submittedAt = submittedAt
        tokens = prompt
        uncachedTokens = prompt.count
    }

    /// A level of priority counts as if the request had come so much earlier. So a low one is not put off for ever.
    package static let priorityLevelSeconds = 10.0

    /// Before another of the same owner; of all, whoever is first is never made to give way.
    func precedes(_ other: ScheduledSequence) -> Bool { (precedence, id) < (other.precedence, other.id) }

    private var precedence: Double { submittedAt + Double(priority) * Self.priorityLevelSeconds }

    package var generated: Int { tokens.count - promptTokens }
    /// Tokens that are there but not computed.
    package var remaining: Int { tokens.count - computed }
    /// Rows that nobody needs again are not worth a place in the tree, and cached ones do not help.
    var sharesPrefix: Bool { purpose == .generation }
    /// Pages that the tokens take.
    var pagesNeeded: Int { Self.pages(tokens.count) }
    /// Full pages before the last token, which is always computed: its logits choose the next.
    var matchablePages: Int { sharesPrefix ? (tokens.count - 1) / KVStorage.pageTokens : 0 }
    /// The prompt's last token scores nothing in the prompt.
    var scoresWanted: Int { purpose == .scoring ? promptTokens - 1 : 0 }

    /// The tokens of one page, the last page's may be fewer; none of a page that was taken for proposals.
    func tokens(ofPage page: Int, computedOnly: Bool = false) -> ArraySlice<Int32> {
        let start = min(page * KVStorage.pageTokens, tokens.count)
        return tokens[start..<max(start, min(start + KVStorage.pageTokens, computedOnly ? computed : tokens.count))]
    }

    package static func pages(_ tokens: Int) -> Int { (tokens + KVStorage.pageTokens - 1) / KVStorage.pageTokens }
}
