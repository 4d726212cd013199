import Foundation
import JSON

/// A folder that goes away with `remove()`, and small things to put into it.
struct TemporaryFolder {
    let path = NSTemporaryDirectory() + "danlu-training-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    /// JSON lines, one a text.
    @discardableResult
    func write(_ name: String, texts: [String]) throws -> String {
        try write(name, texts.map { JSONValue.object(["text": .string($0)]).serialized() + "\n" }.joined())
    }

    /// A tokenizer with a token for each byte and `<|endoftext|>`, 257 in all.
    func writeTokenizer(_ name: String = "tokenizer") throws -> String {
        var vocabulary = JSONObject()
        for (id, scalar) in Self.byteScalars.enumerated() { vocabulary[String(scalar)] = .int(id) }
        vocabulary["<|endoftext|>"] = 256
        let end: JSONValue = [
            "id": 256, "content": "<|endoftext|>", "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true,
        ]
        let document: JSONValue = [
            "version": "1.0", "added_tokens": [end],
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true],
            "decoder": ["type": "ByteLevel"],
            "model": ["type": "BPE", "vocab": .object(vocabulary), "merges": .array([])],
        ]
        try write("\(name)/tokenizer.json", document.serialized())
        try write("\(name)/tokenizer_config.json", #"{"eos_token": "<|endoftext|>"}"#)
        return "\(path)/\(name)"
    }

    /// GPT-2's way of showing bytes: printable ones as they are, others from U+0100 on.
    private static let byteScalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0..<256).compactMap { byte in
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte) {
                return Unicode.Scalar(UInt32(byte))
            }
            defer { next += 1 }
            return Unicode.Scalar(next)
        }
    }()
}
