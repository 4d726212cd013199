import Assistant
import Foundation
import Instructions
import Templates
import Tokens
import Training

/// The text half of a model that is tuned: of a file, a folder or a run.
struct TuningText {
    let tokenizer: Tokenizer
    let template: ChatTemplate
    /// The template's source.
    let templateSource: String
    let endTokens: Set<Int32>

    init(_ base: BaseReference) throws {
        if base.isCheckpoint, let folder = base.tokenizerFolder {
            let read = try TrainingTokenizer(folder: folder)
            tokenizer = read.tokenizer
            templateSource = try read.template() ?? FallbackTemplate(for: tokenizer).source
            template = try ChatTemplate(
                source: templateSource, bosToken: Self.spelling(tokenizer.bosID, tokenizer),
                eosToken: Self.spelling(tokenizer.eosID, tokenizer))
            endTokens = tokenizer.endOfTurnIDs
        } else {
            let text = try TextModel(path: base.path)
            tokenizer = text.tokenizer
            template = try text.template()
            templateSource = text.templateSource ?? FallbackTemplate(for: tokenizer).source
            endTokens = text.stopTokens
        }
    }

    /// By which examples become ids, as they do where the model serves.
    var renderer: SupervisedRenderer {
        SupervisedRenderer(
            tokenizer: tokenizer, template: template, endTokens: endTokens, options: RenderingOptions(now: Date()))
    }

    private static func spelling(_ id: Int32?, _ tokenizer: Tokenizer) -> String {
        id.map { String(decoding: tokenizer.bytes(of: $0, special: true), as: UTF8.self) } ?? ""
    }
}
