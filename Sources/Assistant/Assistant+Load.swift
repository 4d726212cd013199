import Inference
import Kernels
import Model
import Templates
import Tokens
import Weights

extension Assistant {
    /// Loads a model and starts its engine.
    ///
    ///     let assistant = try Assistant.load(path: "model.gguf", name: "qwen") { share in show(share) }
    ///
    /// Takes seconds of computing; call it on a thread that may be held up.
    ///
    /// - Parameters:
    ///   - path: a GGUF file, or a folder of Hugging Face's kind.
    ///   - name: what the model is called from here on.
    ///   - progress: told the share that is done, 0 to 1, on any thread.
    /// - Throws: `AssistantError.cannotLoad`, or `.template` when the file's own template cannot be run.
    public static func load(
        path: String, name: String, options: AssistantOptions = AssistantOptions(),
        progress: (@Sendable (Double) -> Void)? = nil
    ) throws(AssistantError) -> Assistant {
        let text = try TextModel(path: path)
        do { try ModelBundle.check(text.files, path: path, options.contentSums) } catch {
            throw .cannotLoad(path: path, reason: "\(error)")
        }
        let template = try text.template()
        let draftText = try draftText(of: text, options)
        let model: Transformer
        let engine: Engine
        // Each throws an error of its own type.
        do throws(any Error) {
            let pool = try WorkerPool(threads: options.effectiveThreads)
            model = try Transformer(text.files, on: pool, progress: progress)
            let draft = try draftText.map { try loadDraft($0, on: pool) }
            engine = try Engine(model: model, pool: pool, options: EngineOptions(options), draft: draft)
        } catch let error as AssistantError {
            throw error
        } catch {
            throw .cannotLoad(path: path, reason: "\(error)")
        }
        // Ids that the tokenizer gives must be rows of the embedding table; tables padded beyond it are common.
        guard text.tokenizer.vocabularySize <= model.configuration.vocabularySize else {
            throw .cannotLoad(
                path: path,
                reason: "the tokenizer has \(text.tokenizer.vocabularySize) tokens, "
                    + "the weights have \(model.configuration.vocabularySize); the files do not belong together")
        }
        let description = ModelDescription(
            architecture: model.configuration.architecture, parameters: model.parameterCount,
            quantization: model.quantization, contextTokens: engine.contextTokens,
            trainedContextTokens: model.configuration.contextTokens, fileBytes: text.files.byteCount)
        return Assistant(
            name: name, description: description, text: text, template: template, model: model,
            engine: engine, contentSums: options.contentSums, limits: options.limits)
    }
}

extension EngineOptions {
    init(_ options: AssistantOptions) {
        self.init()
        contextTokens = options.contextTokens
        cacheTokens = options.cacheTokens
        cacheElement = options.cacheElement
        if let limit = options.sequencesMax { sequencesMax = limit }
        if let limit = options.queueMax { queueMax = limit }
        if let limit = options.queueSecondsMax { queueSecondsMax = limit }
        speculation.mode = options.speculation
    }
}
