import JSON
import Kernels
import Testing
import Tokens

@Suite struct TokenizerTrainingTests {
    private static func train(
        _ documents: [String], size: Int, tokenBytesMax: Int = 24, pairCountMin: Int = 2, phrases: Int = 0,
        threads: Int = 1
    ) throws -> BytePairVocabulary {
        var settings = TokenizerTrainingSettings(vocabularySize: size, threads: threads)
        settings.tokenBytesMax = tokenBytesMax
        settings.pairCountMin = pairCountMin
        settings.phrasePercent = phrases
        var trainer = try TokenizerTrainer(settings)
        for document in documents { trainer.add(Array(document.utf8)) }
        return try trainer.vocabulary()
    }

    private static func tokenizer(_ vocabulary: BytePairVocabulary) throws -> Tokenizer {
        try Tokenizer.huggingFace(
            tokenizerJSON: try vocabulary.tokenizerJSON(),
            tokenizerConfig: try JSONValue(parsing: vocabulary.tokenizerConfigJSON()))
    }

    private static func metadata(_ vocabulary: BytePairVocabulary) -> TestMetadata {
        var metadata = TestMetadata()
        metadata["model"] = BytePairVocabulary.model
        metadata["pre"] = vocabulary.preTokenizer
        metadata["tokens"] = vocabulary.tokens
        metadata["token_type"] = vocabulary.types.map { Int($0) }
        metadata["merges"] = vocabulary.mergeRules
        metadata["eos_token_id"] = vocabulary.eosID.map { Int($0) }
        return metadata
    }

    /// The merges and ids of Hugging Face's trainer.
    @Test func equalsGolden() throws {
        let golden = try Fixtures.golden("training.json")
        let documents = golden["documents"]?.array?.compactMap(\.string) ?? []
        for expected in golden["vocabularies"]?.array ?? [] {
            let vocabulary = try Self.train(
                documents, size: expected["size"]?.int ?? 0, tokenBytesMax: expected["token_bytes"]?.int ?? 0)
            let rules = expected["merges"]?.array?.map { "\($0[0]?.string ?? "") \($0[1]?.string ?? "")" }
            #expect(vocabulary.mergeRules == rules)
        }
        let tokenizer = try Self.tokenizer(Self.train(documents, size: 600))
        let ids = golden["ids"]?.array ?? []
        for (place, line) in (golden["lines"]?.array ?? []).enumerated() {
            let expected = ids[place].array?.compactMap(\.int)
            let found = tokenizer.encode(line.string ?? "", special: true).map { Int($0) }
            #expect(found == expected)
        }
    }

    /// The definition, computed the slow way: count all pairs, merge the most frequent, count again.
    @Test func equalsTheDefinition() throws {
        for seed in 1...UInt64(60) {
            var random = SplitMix64(seed: seed)
            let letters = Array("abcd的".prefix(Int.random(in: 1...5, using: &random)))
            let documents = (0..<Int.random(in: 1...30, using: &random)).map { _ in
                String(
                    (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in letters.randomElement(using: &random)
                    })
            }
            guard documents.contains(where: { !$0.isEmpty }) else { continue }
            let bytesMax = Int.random(in: 2...24, using: &random)
            let countMin = Int.random(in: 1...3, using: &random)
            let size = 272 + Int.random(in: 0...60, using: &random)
            let vocabulary = try Self.train(documents, size: size, tokenBytesMax: bytesMax, pairCountMin: countMin)
            let expected = Self.defined(documents, size, bytesMax, countMin)
            #expect(vocabulary.mergeRules == expected, "seed \(seed)")
        }
    }

    /// Merges by the definition for documents of letters, each of which is one piece.
    private static func defined(_ documents: [String], _ size: Int, _ bytesMax: Int, _ countMin: Int) -> [String] {
        var definition = Definition(bytesMax: bytesMax, countMin: countMin)
        var words = documents.map(definition.word)
        definition.merge(&words, to: size)
        return definition.rules
    }

    /// Phrases by the definition: pieces first, then runs of pieces that have become tokens, then what is left.
    @Test func phrasesEqualTheDefinition() throws {
        for seed in 1...UInt64(60) {
            var random = SplitMix64(seed: seed)
            let documents = (0..<Int.random(in: 1...20, using: &random)).map { _ in Self.pieces(&random) }
            let size = 272 + Int.random(in: 4...40, using: &random)
            let percent = Int.random(in: 1...50, using: &random)
            let vocabulary = try Self.train(documents.map { $0.joined() }, size: size, phrases: percent)
            var definition = Definition(bytesMax: 24, countMin: 2)
            var words = documents.map { $0.map(definition.word) }
            var all = words.flatMap(\.self)
            definition.merge(&all, to: size - (size - 272) * percent / 100)
            let countMin = definition.best(all)?.count ?? 0
            var rest = all[...]
            for place in words.indices {
                words[place] = Array(rest.prefix(words[place].count))
                rest = rest.dropFirst(words[place].count)
            }
            var runs: [[Int]] = []
            for (pieces, document) in zip(documents, words) {
                var run: [Int] = []
                for (piece, word) in zip(pieces, document) {
                    if word.count == 1, piece != "7", !piece.contains("\n") { run.append(word[0]) } else {
                        runs.append(run)
                        run = []
                    }
                }
                runs.append(run)
            }
            let hasPhrases = (size - 272) * percent / 100 > 0
            if hasPhrases { definition.merge(&runs, to: size, countMin: countMin) }
            definition.merge(&all, to: size)
            #expect(vocabulary.mergeRules == definition.rules, "seed \(seed)")
            #expect(vocabulary.preTokenizer == (hasPhrases ? "superbpe" : "qwen2"))
        }
    }

    /// A document as the pieces that the training cuts it into.
    private static func pieces(_ random: inout SplitMix64) -> [String] {
        var pieces = ["a"]
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            let word = " " + ["a", "ab", "b", "bab"][Int.random(in: 0..<4, using: &random)]
            let last = pieces[pieces.count - 1]
            let isWord = last == "," || Int.random(in: 0..<4, using: &random) > 0
            pieces.append(isWord ? word : [",", "7", "\n"][Int.random(in: 0..<3, using: &random)])
            // Line breaks that follow each other are one piece.
            if last == "\n", pieces.last == "\n" { pieces[pieces.count - 1] = word }
        }
        return pieces
    }

    /// Counts all pairs, merges the most frequent, counts again.
    private struct Definition {
        let bytesMax: Int
        let countMin: Int
        var tokens: [[UInt8]]
        var rules: [String] = []

        init(bytesMax: Int, countMin: Int) {
            (self.bytesMax, self.countMin) = (bytesMax, countMin)
            let order = (0..<256).sorted {
                (Fixtures.alphabet[$0].unicodeScalars.first?.value ?? 0)
                    < (Fixtures.alphabet[$1].unicodeScalars.first?.value ?? 0)
            }
            tokens = [[UInt8]](repeating: [], count: 16) + order.map { [UInt8($0)] }
        }

        func word(_ text: String) -> [Int] { text.utf8.map { byte in tokens.firstIndex(of: [byte]) ?? 0 } }

        /// The pair to merge next.
        func best(_ words: [[Int]]) -> (pair: [Int], count: Int)? {
            var counts: [[Int]: Int] = [:]
            for word in words {
                for (left, right) in zip(word, word.dropFirst())
                where tokens[left].count + tokens[right].count <= bytesMax { counts[[left, right], default: 0] += 1 }
            }
            let best = counts.max { a, b in
                a.value != b.value ? a.value < b.value : (a.key[0], a.key[1]) > (b.key[0], b.key[1])
            }
            return best.flatMap { $0.value >= countMin ? ($0.key, $0.value) : nil }
        }

        mutating func merge(_ words: inout [[Int]], to size: Int, countMin: Int = 0) {
            while tokens.count < size, let best = best(words), best.count >= countMin {
                let (left, right) = (best.pair[0], best.pair[1])
                let bytes = tokens[left] + tokens[right]
                let made = tokens.firstIndex(of: bytes) ?? tokens.count
                if made == tokens.count { tokens.append(bytes) }
                let rule = [left, right].map { tokens[$0].map { Fixtures.alphabet[Int($0)] }.joined() }
                if !rules.contains(rule.joined(separator: " ")) { rules.append(rule.joined(separator: " ")) }
                for place in words.indices { replace(left, right, made, in: &words[place]) }
            }
        }
    }

    private static func replace(_ left: Int, _ right: Int, _ made: Int, in word: inout [Int]) {
        var place = 0
        while place + 1 < word.count {
            if word[place] == left, word[place + 1] == right { word.replaceSubrange(place...place + 1, with: [made]) }
            place += 1
        }
    }

    @Test func threadsAndOrderChangeNothing() throws {
        let documents = (try Fixtures.golden("training.json"))["documents"]?.array?.compactMap(\.string) ?? []
        for phrases in [0, 20] {
            let one = try Self.train(documents, size: 500, phrases: phrases)
            let other = try Self.train(documents.reversed(), size: 500, phrases: phrases, threads: 3)
            #expect(other == one)
        }
    }

    @Test func timesAreCopies() throws {
        let documents = (try Fixtures.golden("training.json"))["documents"]?.array?.compactMap(\.string) ?? []
        let copies = documents.prefix(40).flatMap { [$0, $0, $0] } + documents.dropFirst(40)
        var trainer = try TokenizerTrainer(TokenizerTrainingSettings(vocabularySize: 500, threads: 2))
        for (place, document) in documents.enumerated() {
            trainer.add(Array(document.utf8), times: place < 40 ? 3 : 1)
        }
        let expected = try Self.train(copies, size: 500, phrases: TokenizerTrainingSettings.phrasePercentDefault)
        #expect(try trainer.vocabulary() == expected)
    }

    /// Long lines are read like short ones, wherever threads' parts end.
    @Test func partsOfDocumentsChangeNothing() throws {
        let documents = (try Fixtures.golden("training.json"))["documents"]?.array?.compactMap(\.string) ?? []
        let text = documents.joined(separator: "\n\n")
        var limits = TokensLimits()
        var vocabularies: [BytePairVocabulary] = []
        for bytes in [97, 1000, 1 << 20] {
            limits.trainingPartBytes = bytes
            var trainer = try TokenizerTrainer(
                TokenizerTrainingSettings(vocabularySize: 500, threads: 2), limits: limits)
            trainer.add(Array(text.utf8))
            vocabularies.append(try trainer.vocabulary())
        }
        #expect(vocabularies[0] == vocabularies[2])
        #expect(vocabularies[1] == vocabularies[2])
    }

    @Test func longRunsTakeNoTime() throws {
        var random = SplitMix64(seed: 3)
        let han = (0..<200_000).map { _ in
            String(Unicode.Scalar(0x4E00 + UInt32.random(in: 0..<300, using: &random)) ?? "一")
        }
        let documents = [
            String(repeating: "a", count: 1_000_000), han.joined(), String(repeating: " ", count: 500_000),
        ]
        let start = ContinuousClock.now
        let vocabulary = try Self.train(documents, size: 2000, phrases: 10, threads: 2)
        #expect(start.duration(to: .now) < .seconds(20))
        let sixteen = String(repeating: "a", count: 16)
        #expect(vocabulary.tokens.contains(sixteen))
        #expect(vocabulary.tokens.count == 2000)
        let longest = vocabulary.tokens.indices.map { vocabulary.bytes(of: Int32($0)).count }.max()
        #expect(longest.map { $0 <= 24 } == true)
    }

    @Test func everyTextComesBack() throws {
        let tokenizer = try Self.tokenizer(Self.train(["你好，世界 hello hello"], size: 300))
        var random = SplitMix64(seed: 8)
        for _ in 0..<200 {
            let scalars = (0..<20).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) }
            let text = String(String.UnicodeScalarView(scalars))
            let back = tokenizer.decode(tokenizer.encode(text, special: false))
            #expect(Array(back.utf8) == Array(text.utf8))
        }
        #expect(tokenizer.decode(tokenizer.encode("<|im_end|>", special: false)) == "<|im_end|>")
        #expect(tokenizer.encode("<|im_end|>", special: true) == [2])
        #expect(tokenizer.eosID == 0)
        #expect(tokenizer.endOfTurnIDs == [0, 2])
        #expect(!tokenizer.addsBOS)
    }

    @Test func anyBytesComeBack() throws {
        let documents = ["你好，世界 hello of the world, of the world", "of the world, of the world 123"]
        for phrases in [0, 30] {
            let tokenizer = try Self.tokenizer(Self.train(documents, size: 310, phrases: phrases))
            var random = SplitMix64(seed: 9)
            for round in 0..<500 {
                // Bytes of all kinds among text, so that sequences are cut off and go on.
                var bytes: [UInt8] = []
                for _ in 0..<Int.random(in: 0...20, using: &random) {
                    let text = "世 of the<|im_end|>é".utf8.dropFirst(Int.random(in: 0...4, using: &random))
                    if Bool.random(using: &random) { bytes += text }
                    bytes.append(UInt8.random(in: 0...255, using: &random))
                }
                let ids = tokenizer.encode(keeping: bytes, special: false)
                #expect(tokenizer.bytes(of: ids) == bytes, "round \(round)")
            }
            let text = "of the world: 你好 12"
            #expect(tokenizer.encode(keeping: Array(text.utf8), special: true) == tokenizer.encode(text, special: true))
            #expect(tokenizer.encode(keeping: [0xFF] + Array("<|im_end|>".utf8), special: true).last == 2)
        }
    }

    /// What is written can be read again, and means the same in both kinds of file.
    @Test(arguments: [0, 10]) func filesAgree(phrases: Int) throws {
        let golden = try Fixtures.golden("training.json")
        let vocabulary = try Self.train(
            golden["documents"]?.array?.compactMap(\.string) ?? [], size: 600, phrases: phrases)
        let config = try JSONValue(parsing: vocabulary.tokenizerConfigJSON(contextTokens: 512))
        let read = try BytePairVocabulary(tokenizerJSON: try vocabulary.tokenizerJSON(), tokenizerConfig: config)
        #expect(read == vocabulary)
        #expect(config["model_max_length"]?.int == 512)
        let (file, gguf) = (try Self.tokenizer(vocabulary), try Tokenizer.gguf(Self.metadata(vocabulary)))
        for line in golden["lines"]?.array?.compactMap(\.string) ?? [] {
            #expect(file.encode(line, special: true) == gguf.encode(line, special: true))
        }
        #expect(gguf.endOfTurnIDs == file.endOfTurnIDs)
        #expect(read.controlIDs == Array(0..<16))
        #expect(Array(read.bytes(of: 16)) == Array("!".utf8))
    }

    @Test func impossibleSettingsAreRefused() throws {
        #expect(throws: TokensError.self) { try TokenizerTrainer(TokenizerTrainingSettings(vocabularySize: 271)) }
        var repeated = TokenizerTrainingSettings(vocabularySize: 300)
        repeated.controlTokens = ["<|endoftext|>", "<|endoftext|>"]
        let settings = repeated
        #expect(throws: TokensError.self) { try TokenizerTrainer(settings) }
        #expect(throws: TokensError.missing("text to be trained on")) { _ = try Self.train([""], size: 300) }
        var trainer = try TokenizerTrainer(TokenizerTrainingSettings(vocabularySize: 4000))
        trainer.add(Array("some text with some pairs".utf8))
        let small = try trainer.vocabulary()
        trainer.add([0x78])
        #expect(try trainer.vocabulary().merges.isEmpty)
        #expect(small.tokens.count < 300)
    }
}
