import Kernels
import Model
import Tokens
import Weights

extension Assistant {
    /// Opens the draft model of the options, if there is one and it is wanted. Quick: nothing is loaded yet.
    ///
    /// - Throws: `AssistantError.cannotLoad` with the draft model's path, also when its vocabulary is another one.
    static func draftText(of text: TextModel, _ options: AssistantOptions) throws(AssistantError) -> TextModel? {
        guard let path = options.draftPath, options.speculation == .auto else { return nil }
        let draft = try TextModel(path: path)
        do { try ModelBundle.check(draft.files, path: path, options.contentSums) } catch {
            throw .cannotLoad(path: path, reason: "\(error)")
        }
        if let difference = VocabularyDifference(text.tokenizer, draft.tokenizer) {
            throw .cannotLoad(
                path: path,
                reason: "it cannot be the draft model of \(text.path): \(difference). "
                    + "Take a smaller model of the same family.")
        }
        return draft
    }

    /// - Throws: `AssistantError.cannotLoad` with the draft model's path.
    static func loadDraft(_ draft: TextModel, on pool: WorkerPool) throws(AssistantError) -> Transformer {
        do {
            let model = try Transformer(draft.files, on: pool)
            guard draft.tokenizer.vocabularySize <= model.configuration.vocabularySize else {
                throw AssistantError.cannotLoad(
                    path: draft.path,
                    reason: "the tokenizer has \(draft.tokenizer.vocabularySize) tokens, "
                        + "the weights have \(model.configuration.vocabularySize)")
            }
            return model
        } catch let error as AssistantError {
            throw error
        } catch {
            throw .cannotLoad(path: draft.path, reason: "\(error)")
        }
    }
}
