/// Which tensor of a transformer: every format has its own name for it.
struct TensorName: Hashable {
    var role: Role
    var layer: Int?
    var expert: Int?
    var isBias = false

    enum Role: CaseIterable {
        case embedding, outputNorm, head, rotaryFactors
        case attentionNorm, query, key, value, queryNorm, keyNorm, attentionOutput, postAttentionNorm
        case feedForwardNorm, gate, up, down, postFeedForwardNorm
        case router, expertGate, expertUp, expertDown
        case sharedShare, sharedGate, sharedUp, sharedDown
    }

    init(_ role: Role, layer: Int? = nil, expert: Int? = nil, isBias: Bool = false) {
        self.role = role
        self.layer = layer
        self.expert = expert
        self.isBias = isBias
    }
}
