import ArgumentParser
import Model
import Training

extension PlanOptions {
    /// The shape that was asked for.
    func model() throws -> ModelConfiguration {
        if let size {
            return try SizeDial.configuration(
                parameters: Int(size.rounded()), vocabularySize: vocabSize, contextTokens: sequence)
        }
        let width = self.width ?? 0
        let heads = self.heads ?? max(1, width / 64)
        guard width % heads == 0 else {
            throw ValidationError(
                Language.text(zh: "--width 须为 --heads 的倍数", en: "--width has to be a multiple of --heads"))
        }
        let kvHeads = self.kvHeads ?? (heads % 2 == 0 ? heads / 2 : heads)
        guard heads % kvHeads == 0 else {
            throw ValidationError(
                Language.text(zh: "--heads 须为 --kv-heads 的倍数", en: "--heads has to be a multiple of --kv-heads"))
        }
        var model = ModelConfiguration(
            family: .qwen3, layers: layers ?? 1, embeddingDim: width, heads: heads, kvHeads: kvHeads,
            headDim: width / heads, feedForwardDim: feedForward ?? (width * 8 / 3 + 31) / 32 * 32,
            vocabularySize: vocabSize ?? 8192, contextTokens: sequence ?? 512)
        model.tiesEmbeddings = true
        return model
    }

    /// The plan, for a machine that is still to be found.
    func plan(prices: TrainingPlan.Prices) throws -> TrainingPlan {
        let model = try model()
        let parameters = Double(TrainingWork.parameterCount(model))
        return TrainingPlan(
            model: model, tokens: tokens ?? parameters * ratio * overtrain,
            machine: Machine(name: "", peakFlops: 1, utilisation: 1, source: ""), precision: precision,
            optimizer: optimizer, recompute: recompute, microBatchTokens: microBatchTokens, prices: prices)
    }
}
