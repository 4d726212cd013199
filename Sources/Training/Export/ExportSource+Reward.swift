import Foundation
import JSON
import Kernels
import Tokens
import Weights

extension ExportSource {
    /// Makes of a tuned model what transformers loads for sequence classification with one label: the head goes, the
    /// score's row comes.
    ///
    /// - Parameter trained: tensors of the checkpoint.
    mutating func becomeReward(_ trained: [TensorInfo], file: String) throws(TrainingError) {
        let names = [ParameterLayout.scoreName, ParameterLayout.adaptedScoreName]
        guard let score = trained.first(where: { names.contains($0.name) }) else {
            throw .damaged(file: file, expected: "the tensor \(ParameterLayout.scoreName)", actual: "none")
        }
        tensors.removeAll { $0.name == ParameterLayout.scoreName || $0.name == "lm_head.weight" }
        tensors.append(
            TensorInfo(name: ParameterLayout.scoreName, type: score.type, shape: score.shape, bytes: score.bytes))
        isReward = true
        let architectures = config["architectures"]?.array?.compactMap(\.string) ?? []
        config["architectures"] = .array(
            architectures.map { .string($0.replacing("ForCausalLM", with: "ForSequenceClassification")) })
        config["id2label"] = ["0": "reward"]
        config["label2id"] = ["reward": 0]
        setPadding()
    }

    /// The score is taken at the last token that is no padding: padding must not be the token that ends answers.
    private mutating func setPadding() {
        guard !tokenizerJSON.isEmpty,
            let tokenizer = try? Tokenizer.huggingFace(
                tokenizerJSON: tokenizerJSON, tokenizerConfig: .object(tokenizerConfig))
        else { return }
        let candidates = [tokenizer.padID, tokenizer.unknownID, tokenizer.bosID].compactMap(\.self)
        guard let padding = candidates.first(where: { $0 != tokenizer.eosID }) else { return }
        config["pad_token_id"] = .int(Int(padding))
        let spelling = String(decoding: tokenizer.bytes(of: padding, special: true), as: UTF8.self)
        tokenizerConfig["pad_token"] = .string(spelling)
    }
}
