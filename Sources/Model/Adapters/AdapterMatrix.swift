/// The matrices that an adapter may change.
enum AdapterMatrix: CaseIterable {
    case query, key, value, attentionOutput, gate, up, down

    var role: TensorName.Role {
        switch self {
        case .query: .query
        case .key: .key
        case .value: .value
        case .attentionOutput: .attentionOutput
        case .gate: .gate
        case .up: .up
        case .down: .down
        }
    }

    /// For errors: what may be adapted.
    static let supported = "q, k, v and o of attention, gate, up and down of dense feed-forward layers"
}
