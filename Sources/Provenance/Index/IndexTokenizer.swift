import Foundation
import JSON
import Tokens

/// The tokenizer that an index carries with it.
enum IndexTokenizer {
    static func read(_ folder: String) throws(ProvenanceError) -> Tokenizer {
        do {
            let document = try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/tokenizer.json")))
            let config = try? Data(contentsOf: URL(filePath: "\(folder)/tokenizer_config.json"))
            return try Tokenizer.huggingFace(
                tokenizerJSON: document, tokenizerConfig: try config.map { try JSONValue(parsing: $0) })
        } catch let error as TokensError {
            throw .tokenizer(path: folder, reason: "\(error)")
        } catch {
            throw .tokenizer(path: folder, reason: error.localizedDescription)
        }
    }

    static func copy(from folder: String, to target: String) throws(ProvenanceError) {
        for name in IndexManifest.tokenizerNames {
            let path = "\(folder)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            do { try FileManager.default.copyItem(atPath: path, toPath: "\(target)/\(name)") } catch {
                throw .file(operation: "copy", path: path, reason: error.localizedDescription)
            }
        }
    }
}
