import Foundation
import Model

/// One number, the parameters wanted, sets the whole shape of a model.
///
///     let configuration = try SizeDial.configuration(parameters: 10_000_000)
///
/// The rules:
/// - vocabulary: 2,048 entries below 2M parameters, 8,192 below 40M, 16,384 below 200M, 32,768 below 2B, then 65,536;
///   the embedding is also the head, so it is paid for once
/// - heads of 32 below 8M, of 64 below 300M, then of 128; the width is what all query heads have together
/// - half as many heads of keys and values as of queries, a quarter from 2B
/// - feed-forward width: about 8/3 of the width (SwiGLU with the parameters of a 4x layer; Shazeer 2020,
///   arXiv:2002.05202), as many times 32 as come closest to the number wanted, from 2 to 4 widths
/// - layers and width: those that come closest to the number wanted, to a width of 64 times the layers (most published
///   models have 32 to 128) and to that 8/3, the number counting eight times as much
/// - context: 256 tokens below 2M, 512 below 30M, 1,024 below 200M, 2,048 below 2B, then 4,096
package enum SizeDial {
    package static let parametersMin = 100_000
    package static let parametersMax = 2_000_000_000_000
    private static let layersMax = 160
    private static let aspect = 64.0
    private static let exactness = 8.0

    /// The shape for about so many parameters.
    ///
    /// - Parameters:
    ///   - parameters: all of them, embedding included.
    ///   - vocabularySize: of a tokenizer that is there already.
    ///   - contextTokens: instead of the rule's.
    /// - Throws: `TrainingError.unsupported` outside `parametersMin…parametersMax`, and where the vocabulary leaves
    ///   nothing for layers.
    package static func configuration(
        parameters: Int, vocabularySize: Int? = nil, contextTokens: Int? = nil
    ) throws(TrainingError) -> ModelConfiguration {
        guard (parametersMin...parametersMax).contains(parameters) else {
            throw .unsupported(
                field: "size", expected: "\(parametersMin)…\(parametersMax) parameters", actual: "\(parameters)")
        }
        let vocabulary = vocabularySize ?? self.vocabulary(parameters)
        let headDim = self.headDim(parameters)
        var best: (cost: Double, shape: ModelConfiguration)?
        for layers in 1...layersMax {
            // A width a step too small and one too large are the candidates.
            var width = headDim * 2
            while width < 1 << 16 {
                var shape = self.shape(parameters, layers, width, vocabulary, contextTokens)
                let usual = shape.feedForwardDim
                let isLarger = TrainingWork.parameterCount(shape) > parameters
                fit(&shape, to: parameters)
                let cost =
                    exactness * abs(log(Double(TrainingWork.parameterCount(shape)) / Double(parameters)))
                    + abs(log(Double(width) / (aspect * Double(layers))))
                    + abs(log(Double(shape.feedForwardDim) / Double(usual)))
                if best.map({ cost < $0.cost }) ?? true { best = (cost, shape) }
                if isLarger { break }
                width += headDim * 2
            }
        }
        guard let best, TrainingWork.parameterCount(best.shape) <= parameters * 2 else {
            throw .unsupported(
                field: "vocabulary", expected: "one that is small beside \(parameters) parameters",
                actual: "\(vocabulary) entries")
        }
        return best.shape
    }

    private static func shape(
        _ parameters: Int, _ layers: Int, _ width: Int, _ vocabulary: Int, _ contextTokens: Int?
    ) -> ModelConfiguration {
        let headDim = self.headDim(parameters)
        let heads = width / headDim
        let group = parameters < 2_000_000_000 || heads % 4 != 0 ? 2 : 4
        var shape = ModelConfiguration(
            family: .qwen3, layers: layers, embeddingDim: width, heads: heads, kvHeads: heads / group,
            headDim: headDim, feedForwardDim: (width * 8 / 3 + 31) / 32 * 32, vocabularySize: vocabulary,
            contextTokens: contextTokens ?? context(parameters))
        shape.tiesEmbeddings = true
        return shape
    }

    /// Makes the feed-forward layers as wide as the number wanted asks for.
    private static func fit(_ shape: inout ModelConfiguration, to parameters: Int) {
        let missing = Double(parameters - TrainingWork.parameterCount(shape))
        let perUnit = Double(3 * shape.embeddingDim * shape.layers)
        let units = Int(((Double(shape.feedForwardDim) + missing / perUnit) / 32).rounded())
        let least = (shape.embeddingDim * 2 + 31) / 32
        shape.feedForwardDim = 32 * min(max(units, least), shape.embeddingDim * 4 / 32)
    }

    private static func vocabulary(_ parameters: Int) -> Int {
        switch parameters {
        case ..<2_000_000: 2048
        case ..<40_000_000: 8192
        case ..<200_000_000: 16_384
        case ..<2_000_000_000: 32_768
        default: 65_536
        }
    }

    private static func headDim(_ parameters: Int) -> Int {
        parameters < 8_000_000 ? 32 : parameters < 300_000_000 ? 64 : 128
    }

    private static func context(_ parameters: Int) -> Int {
        switch parameters {
        case ..<2_000_000: 256
        case ..<30_000_000: 512
        case ..<200_000_000: 1024
        case ..<2_000_000_000: 2048
        default: 4096
        }
    }
}
