import Foundation
import Kernels
import Model

extension MemoryEstimate {
    /// Of a run as it is configured.
    package init(_ run: RunConfiguration) {
        let (model, tokens) = (run.model.configuration, run.microRows * run.sequence)
        if let adapter = run.adapter {
            self.init(
                model, adapter: adapter, panelBytesMax: run.panelBytesMax ?? TuningSettings.panelBytesMax,
                quantizedBytes: run.base?.quantizedBytes ?? 0, tokens: tokens, precision: run.precision,
                optimizer: run.optimizer.kind, recompute: run.recompute)
        } else {
            self.init(
                model, tokens: tokens, precision: run.precision, optimizer: run.optimizer.kind,
                recompute: run.recompute)
        }
        if run.kind == .grpo { rollouts = Self.rollouts(run) }
    }

    private static func rollouts(_ run: RunConfiguration) -> Double {
        let model = run.model.configuration
        let number = run.precision == .bf16 ? 2 : 4
        let quantized = run.adapter == nil ? 0 : run.base?.quantizedBytes ?? 0
        let weights = quantized > 0 ? quantized : number * TrainingWork(model).parameters
        let tokens = ObjectiveSettings.answersAtOnce * (run.sequence + 1 + KVStorage.pageTokens)
        return Double(weights) + Double(number * 2 * model.layers * model.kvHeads * model.keyDim) * Double(tokens)
    }

    /// Of a run that trains an adapter beside a frozen base; the base's file is mapped, and not counted.
    ///
    ///     weights      panels: the head's for both directions, 2 b V w; layers' for one, b P each, as far as they may
    ///                  be kept; one layer's for the other; and the adapter, 4 A. In bf16 beside a quantised file: its
    ///                  weights as they are, and panels for the way back only
    ///     gradients    4 A
    ///     optimizer    AdamW: 8 A; Muon: 4 A
    ///
    /// A parameters of the adapter, V words, P parameters of a layer; the rest is that of any run.
    package init(
        _ configuration: ModelConfiguration, adapter: AdapterSettings, panelBytesMax: Int, quantizedBytes: Int = 0,
        tokens: Int, precision: Precision, optimizer kind: OptimizerSettings.Kind, recompute: Recomputation
    ) {
        self.init(
            configuration, tokens: tokens, precision: precision, optimizer: kind, recompute: recompute)
        let number = precision == .bf16 ? 2.0 : 4.0
        let head = Double(configuration.vocabularySize) * Double(configuration.embeddingDim)
        let layer = (Double(TrainingWork(configuration).productParameters) - head) / Double(configuration.layers)
        let packed = precision == .bf16 ? Double(quantizedBytes) : 0
        let directions = packed > 0 ? 1.0 : 2.0
        let all = packed + number * (directions * head + layer * (Double(configuration.layers) + directions - 1))
        let least = packed + number * directions * (head + layer)
        let adapted = Self.parameters(of: adapter, configuration)
        weights = max(least, min(all, Double(panelBytesMax))) + 4 * adapted
        gradients = 4 * adapted
        optimizer = kind == .adamw ? 8 * adapted : 4 * adapted
    }

    /// A matrix of `rank` rows for the inputs and one of `rank` columns for the outputs of each target.
    private static func parameters(of adapter: AdapterSettings, _ configuration: ModelConfiguration) -> Double {
        let (width, inner) = (configuration.embeddingDim, configuration.feedForwardDim)
        let (queries, keys) = (configuration.heads * configuration.keyDim, configuration.kvHeads * configuration.keyDim)
        let sizes = adapter.targets.map { target in
            switch target {
            case .query: width + queries
            case .key, .value: width + keys
            case .output: queries + width
            case .gate, .up, .down: width + inner
            }
        }
        return Double(sizes.reduce(0, +)) * Double(adapter.rank * configuration.layers)
    }
}

extension BaseReference {
    /// Of a GGUF file's weights; 0 of other models. (One whose weights are floats is taken for a quantised one: the
    /// estimate is too low by the panels of one direction.)
    fileprivate var quantizedBytes: Int {
        guard path.hasSuffix(".gguf") else { return 0 }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? Int) ?? 0
    }
}
