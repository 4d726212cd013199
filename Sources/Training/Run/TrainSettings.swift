import Foundation
import JSON

/// What a user says of a new run, on the command line or in a JSON file: everything but data and tokenizer may be left
/// out.
///
///     {"data": ["poems.jsonl.gz=2", "manuals"], "tokenizer": "tokenizer", "size": "3M", "steps": 2000}
package struct TrainSettings: Codable, Equatable, Sendable {
    package var data: [String]?
    package var tokenizer: String?
    /// Parameters, such as "3M": the dial that sets the shape.
    package var size: String?
    package var layers: Int?
    package var dim: Int?
    package var heads: Int?
    package var kvHeads: Int?
    package var headDim: Int?
    package var feedForwardDim: Int?
    package var steps: Int?
    /// Tokens of the whole run, such as "60M", instead of steps.
    package var tokens: String?
    package var batchTokens: Int?
    /// Tokens of a row.
    package var seq: Int?
    package var microRows: Int?
    package var threads: Int?
    package var seed: UInt64?
    package var precision: Precision?
    package var recompute: Recomputation?
    package var optimizer: OptimizerSettings.Kind?
    package var learningRate: Double?
    package var weightDecay: Double?
    package var schedule: Schedule.Kind?
    package var warmup: Int?
    package var decayFrom: Int?
    package var decaySteps: Int?
    package var clip: Double?
    package var heldOut: Double?
    package var brokenLines: Int?
    package var logEvery: Int?
    package var saveEvery: Int?
    package var milestoneEvery: Int?
    package var validateEvery: Int?
    package var sampleEvery: Int?
    package var keep: Int?
    package var prompts: [String]?
    package var guards: GuardSettings?

    package init() {}

    /// - Throws: `TrainingError.damaged` naming what is not understood: a misspelt setting must not be passed over.
    package init(file path: String) throws(TrainingError) {
        let bytes = try Files.read(path, bytesMax: 1 << 20)
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw .damaged(file: path, expected: "a JSON object of settings", actual: "\(error)")
        }
        guard let object = value.object else {
            throw .damaged(file: path, expected: "a JSON object of settings", actual: value.kind)
        }
        for (key, _) in object where !Self.names.contains(key) {
            throw .damaged(file: path, expected: "one of \(Self.names.joined(separator: ", "))", actual: "“\(key)”")
        }
        do { self = try Files.read(TrainSettings.self, from: path) } catch .damaged(_, _, let reason) {
            throw .invalidSetting(name: path, expected: "settings of the right kinds", actual: reason)
        }
    }

    private static let names = [
        "data", "tokenizer", "size", "layers", "dim", "heads", "kv_heads", "head_dim", "feed_forward_dim", "steps",
        "tokens", "batch_tokens", "seq", "micro_rows", "threads", "seed", "precision", "recompute", "optimizer",
        "learning_rate", "weight_decay", "schedule", "warmup", "decay_from", "decay_steps", "clip", "held_out",
        "broken_lines", "log_every", "save_every", "milestone_every", "validate_every", "sample_every", "keep",
        "prompts", "guards",
    ]
}
