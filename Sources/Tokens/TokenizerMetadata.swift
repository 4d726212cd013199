/// The part of a GGUF file's metadata that a tokenizer is made of, by key ("tokenizer.ggml.tokens").
///
/// A key that is absent or holds another type is nil; lengths and ranges are checked by the tokenizer.
public protocol TokenizerMetadata {
    func string(_ key: String) -> String?
    func strings(_ key: String) -> [String]?
    func floats(_ key: String) -> [Float]?
    func ints(_ key: String) -> [Int]?
    func bool(_ key: String) -> Bool?
    func int(_ key: String) -> Int?
}
