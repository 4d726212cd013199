/// What speculation knows of a request: its text, and how its proposals fared.
struct SpeculatedRequest {
    let request: ActiveRequest
    var lookup: PromptLookup
    var acceptance = RequestAcceptance()
    /// Its tokens and biases are all in the draft model's vocabulary.
    private(set) var isDraftable: Bool
    private let draftVocabularySize: Int

    init(_ request: ActiveRequest, indexedTokensMax: Int, draftVocabularySize: Int) {
        self.request = request
        self.draftVocabularySize = draftVocabularySize
        let prompt = request.request.prompt
        lookup = PromptLookup(prompt, indexedTokensMax: indexedTokensMax)
        isDraftable =
            (prompt + Array(request.request.sampling.logitBias.keys)).allSatisfy { $0 < draftVocabularySize }
    }

    /// Takes the answer's new tokens in, and notes for each whether the lookup knew it: a match is judged whether or
    /// not it was proposed, which costs nothing.
    mutating func follow(_ rates: inout AcceptanceRates) {
        let answer = request.answer
        for token in answer.dropFirst(lookup.tokens.count - request.request.prompt.count) {
            if let match = lookup.match, let next = lookup.next {
                acceptance.record(
                    .lookup(matchedTokens: match.tokens), isAccepted: next == token, in: &rates)
            }
            lookup.append(token)
            if token >= draftVocabularySize { isDraftable = false }
        }
    }

    /// What the lookup proposes that can follow.
    func lookupProposals(max: Int, _ rates: AcceptanceRates) -> Proposals {
        guard let match = lookup.match else { return Proposals() }
        let tokens = lookup.proposals(max: max)
        let evidence = tokens.indices.map { Evidence.lookup(matchedTokens: match.tokens + $0) }
        return Proposals(
            tokens: Array(tokens.prefix(request.admissible(tokens))), evidence: evidence,
            rates: evidence.map { acceptance.rate($0, rates) })
    }
}
