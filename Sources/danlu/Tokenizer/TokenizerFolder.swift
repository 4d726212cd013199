import Foundation
import JSON
import Tokens

/// A tokenizer as a folder of Hugging Face's kind, or its tokenizer.json alone.
struct TokenizerFolder {
    let document: [UInt8]
    let configuration: JSONValue?

    /// Nil when the path is neither.
    init?(_ path: String) throws {
        let file = URL(filePath: path)
        let isFile = file.pathExtension == "json"
        let json = isFile ? file : file.appending(path: "tokenizer.json")
        guard isFile || FileManager.default.fileExists(atPath: json.path) else { return nil }
        document = Array(try Terminal.read(json.path, bytesMax: TokensLimits().jsonBytesMax))
        let config = json.deletingLastPathComponent().appending(path: "tokenizer_config.json")
        configuration =
            FileManager.default.fileExists(atPath: config.path)
            ? try JSONValue(parsing: Terminal.read(config.path, bytesMax: TokensLimits().jsonBytesMax)) : nil
    }

    func tokenizer() throws -> Tokenizer {
        try Tokenizer.huggingFace(tokenizerJSON: document, tokenizerConfig: configuration)
    }

    /// The vocabulary as files hold it; nil for kinds other than byte-level byte-pair.
    func vocabulary() throws -> BytePairVocabulary? {
        do {
            return try BytePairVocabulary(tokenizerJSON: document, tokenizerConfig: configuration)
        } catch TokensError.unsupported {
            return nil
        }
    }
}
