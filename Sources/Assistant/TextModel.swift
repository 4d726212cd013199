import JSON
import Templates
import Tokens
import Weights

/// The half of a model that deals with text: its tokenizer and chat template. No weight is read.
///
///     let model = try TextModel(path: "model.gguf")
///     model.tokenizer.encode("你好", special: false)
///     try model.template()
public struct TextModel: Sendable {
    /// Where a chat template came from.
    public enum TemplateOrigin: Sendable, Equatable {
        case file
        case fallback(FallbackTemplate)
    }

    public let tokenizer: Tokenizer
    public let files: ModelFiles
    public let path: String

    /// - Parameter path: a GGUF file, or a folder of Hugging Face's kind.
    /// - Throws: `AssistantError.cannotLoad`.
    public init(path: String) throws(AssistantError) {
        self.path = path
        do {
            files = try ModelFiles.open(path)
            switch files {
            case .gguf(let file): tokenizer = try Tokenizer.gguf(file.metadata)
            case .folder(let folder):
                tokenizer = try Tokenizer.huggingFace(
                    tokenizerJSON: folder.tokenizerJSON(), tokenizerConfig: folder.tokenizerConfig)
            }
        } catch {
            throw .cannotLoad(path: path, reason: "\(error)")
        }
    }

    /// The Jinja source that the file brings, if it brings one.
    public var templateSource: String? {
        switch files {
        case .gguf(let file): file.metadata.string("tokenizer.chat_template")
        case .folder(let folder): folder.chatTemplate
        }
    }

    public var templateOrigin: TemplateOrigin {
        templateSource == nil ? .fallback(FallbackTemplate(for: tokenizer)) : .file
    }

    /// The file's own template, or the fallback. A template that cannot be run is an error: another one in its place
    /// would give wrong prompts silently.
    ///
    /// - Throws: `AssistantError.template`.
    public func template() throws(AssistantError) -> ChatTemplate {
        let (bos, eos) = (spelling(tokenizer.bosID), spelling(tokenizer.eosID))
        do {
            if let source = templateSource {
                return try ChatTemplate(source: source, bosToken: bos, eosToken: eos)
            }
            return try FallbackTemplate(for: tokenizer).template(bosToken: bos, eosToken: eos)
        } catch {
            throw .template("\(error)")
        }
    }

    /// Tokens after which an answer is over: the tokenizer's, and those that generation_config.json adds.
    public var stopTokens: Set<Int32> {
        var tokens = tokenizer.endOfTurnIDs
        if case .folder(let folder) = files, let ends = folder.generationConfig?["eos_token_id"] {
            for id in ends.array ?? [ends] {
                if let id = id.int.flatMap({ Int32(exactly: $0) }), id >= 0 { tokens.insert(id) }
            }
        }
        return tokens
    }

    private func spelling(_ id: Int32?) -> String {
        id.map { String(decoding: tokenizer.bytes(of: $0, special: true), as: UTF8.self) } ?? ""
    }
}
