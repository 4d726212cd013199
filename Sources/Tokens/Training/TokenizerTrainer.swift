import Foundation

/// Makes a byte-level byte-pair vocabulary of text.
///
///     var trainer = try TokenizerTrainer(TokenizerTrainingSettings(vocabularySize: 8192, threads: 2))
///     for document in documents { try trainer.add(document) }
///     let vocabulary = try trainer.vocabulary()
///     try vocabulary.tokenizerJSON()
///
/// The vocabulary is a function of the documents and the settings: neither the order of documents nor the number of
/// threads changes it. Counts have 64 bits. Any text comes back from its tokens, since all 256 bytes have one. Text
/// that is not UTF-8 is read as `Tokenizer.encode(bytes:)` reads it.
///
/// Memory: each different piece of text once, at first as bytes, then as four bytes for each of its bytes, and at most
/// as much again for where frequent pairs stand; where phrases are wanted, four bytes for every piece of the text, and
/// the different runs of pieces that are tokens.
public struct TokenizerTrainer: Sendable {
    private let settings: TokenizerTrainingSettings
    private let limits: TokensLimits
    /// What each thread has counted.
    private var shards: [PieceCounts]
    private var waiting: [(text: [UInt8], range: Range<Int>, times: Int)] = []
    private var waitingBytes = 0
    /// Bytes of text taken so far.
    public private(set) var textBytes = 0

    /// Throws `TokensError` when no vocabulary can be as the settings say.
    public init(_ settings: TokenizerTrainingSettings, limits: TokensLimits = TokensLimits()) throws(TokensError) {
        try settings.check(limits)
        self.settings = settings
        self.limits = limits
        shards = []
        shards = emptyShards
    }

    private var emptyShards: [PieceCounts] {
        let counts = PieceCounts(
            pieceBytesMax: limits.trainingPieceBytesMax,
            phrasePieceBytesMax: settings.phraseMerges > 0 ? settings.tokenBytesMax : 0)
        return [PieceCounts](repeating: counts, count: settings.threads)
    }

    /// Takes one document; its end ends a word.
    ///
    /// Returns at once most of the time, and counts what has come together now and then.
    ///
    /// - Parameter times: how many documents it stands for, at least 1.
    public mutating func add(_ document: [UInt8], times: Int = 1) {
        precondition(times >= 1, "a document counts at least once")
        let text = LenientUTF8.mended(document)
        var start = 0
        while start < text.count {
            // Parts of long documents, so that threads get equal shares.
            let wanted = start + limits.trainingPartBytes
            var end = text.count
            if end > wanted { end = TrainingPattern.lastCut(text, start, wanted) ?? text.count }
            waiting.append((text, start..<end, times))
            start = end
        }
        textBytes += document.count
        waitingBytes += text.count
        if waitingBytes >= limits.trainingPartBytes * settings.threads { count() }
    }

    /// The vocabulary of all documents so far.
    ///
    /// - Parameter progress: called now and then; what it throws ends the training and comes through.
    public mutating func vocabulary(
        progress: (TokenizerProgress) throws -> Void = { _ in }
    ) throws -> BytePairVocabulary {
        count()
        textBytes = 0
        var tokens = [[UInt8]](repeating: [], count: settings.controlTokens.count)
        var firstByteID = [UInt32](repeating: 0, count: 256)
        // In the order of the bytes' stand-ins, which decides between equally frequent pairs.
        for byte in (0..<256).sorted(by: { ByteLevelAlphabet.scalars[$0] < ByteLevelAlphabet.scalars[$1] }) {
            firstByteID[byte] = UInt32(tokens.count)
            tokens.append([UInt8(byte)])
        }
        let (rows, orders) = gathered(firstByteID)
        guard rows.count > 0 else { throw TokensError.missing("text to be trained on") }
        var training = MergeTraining(rows, tokens: tokens, settings: settings)
        let report = { try progress(.merged($0, of: $1)) }
        try training.run(to: settings.vocabularySize - settings.phraseMerges, progress: report)
        if settings.phraseMerges > 0 {
            // Text without words that often stand together, poems say, has better use for the room.
            let countMin = training.nextCount()
            let words = training.exchange(Self.phrases(of: training, orders))
            try training.run(to: settings.vocabularySize, countMin: countMin, progress: report)
            _ = training.exchange(words)
            try training.run(to: settings.vocabularySize, progress: report)
        }
        return vocabulary(training)
    }

    private typealias Order = (pieces: PieceOrder, words: [UInt32]?)

    /// The words of all threads, and each thread's order of pieces with the numbers that its words have among them.
    private mutating func gathered(_ firstByteID: [UInt32]) -> (TrainingWords, [Order]) {
        var words = WordCounts()
        var orders: [Order] = []
        for shard in shards.indices {
            let own = shards[shard].takeWords()
            if shard == 0 { words = own }
            orders.append((shards[shard].order, shard == 0 ? nil : words.add(own)))
        }
        shards = emptyShards
        return (TrainingWords(words, firstByteID: firstByteID), orders)
    }

    /// Runs of pieces that have become tokens.
    private static func phrases(of training: MergeTraining, _ orders: [Order]) -> TrainingWords {
        let joins = training.tokens.map(PhraseCounts.joins)
        var phrases = PhraseCounts()
        for (pieces, numbers) in orders {
            phrases.add(pieces) { word in
                let token = training.words.token(numbers?[Int(word)] ?? word)
                return token.flatMap { joins[Int($0)] ? $0 : nil }
            }
        }
        return TrainingWords(phrases: phrases.runs)
    }

    private func vocabulary(_ training: MergeTraining) -> BytePairVocabulary {
        let controls = settings.controlTokens
        let spellings = training.tokens.dropFirst(controls.count).map(ByteLevelAlphabet.spelling)
        let ordinary = [Int32](repeating: Int32(TokenKind.normal.rawValue), count: spellings.count)
        return BytePairVocabulary(
            tokens: controls + spellings,
            types: [Int32](repeating: Int32(TokenKind.control.rawValue), count: controls.count) + ordinary,
            merges: training.merges,
            preTokenizer: settings.phraseMerges > 0 ? TrainingPattern.phrases : TrainingPattern.words, bosID: nil,
            eosID: 0, padID: 0, chatTemplate: settings.chatTemplate)
    }

    /// Counts what is waiting, each thread its share.
    private mutating func count() {
        let parts = waiting
        (waiting, waitingBytes) = ([], 0)
        guard !parts.isEmpty else { return }
        let share = (parts.reduce(0) { $0 + $1.range.count } + shards.count - 1) / shards.count
        let tables = ShardTables(shards)
        shards = []
        DispatchQueue.concurrentPerform(iterations: tables.count) { shard in
            var bytes = 0
            tables.update(shard) { counts in
                for part in parts {
                    if bytes / share == shard { counts.add(part.text, part.range, times: part.times) }
                    bytes += part.range.count
                }
            }
        }
        shards = tables.values()
    }
}
