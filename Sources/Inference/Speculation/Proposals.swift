/// How an answer may go on.
struct Proposals {
    private(set) var tokens: [Int32] = []
    private(set) var evidence: [Evidence] = []
    /// For each token the probability that it is right when those before it are.
    private(set) var rates: [Double] = []

    init() {}

    /// - Parameter evidence: of the tokens and perhaps of more; as the rates.
    init(tokens: [Int32], evidence: [Evidence], rates: [Double]) {
        self.tokens = tokens
        self.evidence = Array(evidence.prefix(tokens.count))
        self.rates = Array(rates.prefix(tokens.count))
    }

    mutating func append(_ token: Int32, _ evidence: Evidence, rate: Double) {
        tokens.append(token)
        self.evidence.append(evidence)
        rates.append(rate)
    }

    func prefix(_ count: Int) -> Proposals {
        Proposals(tokens: Array(tokens.prefix(count)), evidence: evidence, rates: rates)
    }
}
