import Tokens
import Weights

/// A GGUF file's metadata as tokenizers read it.
struct FileMetadata: TokenizerMetadata {
    let metadata: Metadata

    func string(_ key: String) -> String? { metadata.string(key) }
    func strings(_ key: String) -> [String]? { metadata.strings(key) }
    func floats(_ key: String) -> [Float]? { metadata.floats(key) }
    func ints(_ key: String) -> [Int]? { metadata.ints(key) }
    func bool(_ key: String) -> Bool? { metadata.bool(key) }
    func int(_ key: String) -> Int? { metadata.int(key) }
}
