import Foundation
import Testing
import Tokens

/// Published vocabularies with the ids that llama.cpp expects, from the folder that DANLU_SHARED_DATA names.
@Suite struct SharedVocabularyTests {
    private static let shared = ProcessInfo.processInfo.environment["DANLU_SHARED_DATA"]

    @Test(
        .enabled(if: shared != nil, "DANLU_SHARED_DATA names no folder with vocabs/"),
        arguments: ["gpt-2", "deepseek-llm", "falcon", "phi-3"]
    ) func equalsTheExpectedIDs(name: String) throws {
        let path = (Self.shared ?? "") + "/vocabs/ggml-vocab-\(name).gguf"
        let tokenizer = try Tokenizer.gguf(VocabularyFile(path: path))
        let inputs = try String(contentsOfFile: path + ".inp", encoding: .utf8).components(
            separatedBy: "\n__ggml_vocab_test__\n")
        let outputs = try String(contentsOfFile: path + ".out", encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(inputs.count >= 46 && outputs.count >= inputs.count)
        for (input, output) in zip(inputs, outputs) {
            let expected = output.split(separator: " ").compactMap { Int32($0) }
            #expect(tokenizer.encode(input, special: false) == expected, "\(name): \(input.debugDescription)")
        }
    }
}
