import Kernels
import Model
import Tokens
import Weights

extension Assistant {
    /// Loads the draft model of the options, if there is one and it is wanted.
    ///
    /// - Throws: `AssistantError.cannotLoad` with the draft model's path, also when its vocabulary is another one.
    static func draft(
        of text: TextModel, vocabularySize: Int, _ options: AssistantOptions, on pool: WorkerPool
    ) throws(AssistantError) -> Transformer? {
        guard let path = options.draftPath, options.speculation == .auto else { return nil }
        let draft = try TextModel(path: path)
        if let difference = VocabularyDifference(text.tokenizer, draft.tokenizer) {
            throw .cannotLoad(
                path: path,
                reason: "it cannot be the draft model of \(text.path): \(difference). "
                    + "Take a smaller model of the same family.")
        }
        do {
            let model = try Transformer(draft.files, on: pool)
            guard draft.tokenizer.vocabularySize <= model.configuration.vocabularySize else {
                throw AssistantError.cannotLoad(
                    path: path,
                    reason: "the tokenizer has \(draft.tokenizer.vocabularySize) tokens, "
                        + "the weights have \(model.configuration.vocabularySize)")
            }
            return model
        } catch let error as AssistantError {
            throw error
        } catch {
            throw .cannotLoad(path: path, reason: "\(error)")
        }
    }
}
