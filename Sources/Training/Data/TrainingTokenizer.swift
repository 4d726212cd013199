import Corpus
import Crypto
import JSON
import Tokens

/// A tokenizer with what identifies it: a model is of no use with another one.
package struct TrainingTokenizer: Sendable {
    package let tokenizer: Tokenizer
    private let folder: String
    /// SHA-256 over tokenizer.json and tokenizer_config.json, in hex.
    package let hash: String
    /// SHA-256 of the chat template; empty when there is none.
    package let templateHash: String
    /// Begins each document, where the tokenizer puts one before texts.
    let beginID: Int32?
    /// Ends each document: `<|endoftext|>`, or else what the tokenizer calls the end.
    let endID: Int32?

    /// The files of a tokenizer that a run copies.
    static let fileNames = [
        "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json",
    ]

    /// - Parameter folder: holds tokenizer.json and perhaps tokenizer_config.json and chat_template.jinja.
    package init(folder: String) throws(TrainingError) {
        let document = try Files.read("\(folder)/tokenizer.json", bytesMax: TokensLimits().jsonBytesMax)
        let configPath = "\(folder)/tokenizer_config.json"
        let config = Files.exists(configPath) ? try Files.read(configPath, bytesMax: 64 << 20) : nil
        let read: Tokenizer
        do {
            let value = try config.map { try JSONValue(parsing: $0) }
            read = try Tokenizer.huggingFace(tokenizerJSON: document, tokenizerConfig: value)
        } catch {
            throw .file(operation: "read the tokenizer", path: folder, reason: "\(error)")
        }
        tokenizer = read
        self.folder = folder
        hash = Files.sha256(document + [0] + (config ?? []))
        let templatePath = "\(folder)/chat_template.jinja"
        templateHash =
            Files.exists(templatePath) ? Files.sha256(try Files.read(templatePath, bytesMax: 16 << 20)) : ""
        beginID = read.addsBOS ? read.bosID : nil
        let end = read.id(of: "<|endoftext|>").flatMap { read.isSpecial($0) ? $0 : nil }
        endID = end ?? read.eosID
    }

    /// The chat template's source, where the folder has one.
    package func template() throws(TrainingError) -> String? {
        let path = "\(folder)/chat_template.jinja"
        if Files.exists(path) { return String(decoding: try Files.read(path, bytesMax: 16 << 20), as: UTF8.self) }
        let config = "\(folder)/tokenizer_config.json"
        guard Files.exists(config) else { return nil }
        return (try? JSONValue(parsing: Files.read(config, bytesMax: 64 << 20)))?["chat_template"]?.string
    }

    /// A document's tokens and what is known of it; its offset is left at 0.
    func encode(_ document: Document) -> (tokens: [Int32], facts: TokenDocument) {
        let bytes = Array(document.text.utf8)
        var tokens = beginID.map { [$0] } ?? []
        tokens += tokenizer.encode(document.text, special: false)
        let unscored = beginID == nil ? tokens.first.map { tokenizer.bytes(of: $0).count } ?? 0 : 0
        if let endID { tokens.append(endID) }
        let hash = SHA256.hash(data: bytes).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let facts = TokenDocument(
            offset: 0, hash: hash, tokens: tokens.count, scoredBytes: max(0, bytes.count - unscored),
            language: TextLanguage(of: document.text), bytes: bytes.count)
        return (tokens, facts)
    }
}
