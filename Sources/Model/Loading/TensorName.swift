/// Which tensor of a transformer: every format has its own name for it.
package struct TensorName: Hashable, Sendable {
    package var role: Role
    package var layer: Int?
    package var expert: Int?
    package var isBias = false

    package enum Role: CaseIterable, Sendable {
        case embedding, outputNorm, head, rotaryFactors
        case attentionNorm, query, key, value, queryNorm, keyNorm, attentionOutput, postAttentionNorm
        case feedForwardNorm, gate, up, down, postFeedForwardNorm
        case router, expertGate, expertUp, expertDown
        case sharedShare, sharedGate, sharedUp, sharedDown
    }

    package init(_ role: Role, layer: Int? = nil, expert: Int? = nil, isBias: Bool = false) {
        self.role = role
        self.layer = layer
        self.expert = expert
        self.isBias = isBias
    }
}
