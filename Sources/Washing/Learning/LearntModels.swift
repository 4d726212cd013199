import Foundation

/// What a washing learns from text before it judges any: models of words by language, a classifier, and the limits
/// that follow from them. Kept in a folder, `learnt.json` last.
package struct LearntModels: Sendable {
    /// What is kept as JSON.
    package struct Facts: Codable, Equatable, Sendable {
        /// The perplexity above which a text is among the worst, by language.
        package var perplexityMax: [String: Double] = [:]
        /// The perplexity below which a text is among the most predictable.
        package var perplexityMin: [String: Double] = [:]
        /// The order below which a text is among those whose words stand as if by chance.
        package var orderMin: [String: Double] = [:]
        /// Words that each language's model has read.
        package var words: [String: Int] = [:]
        package var scores: [LinearClassifier.Score] = []
        package var good = 0
        package var bad = 0
    }

    package var facts = Facts()
    package var perplexity: [String: NGramModel] = [:]
    package var classifier: LinearClassifier?

    private static let modelMagic = "DLNGRAM1"
    private static let classifierMagic = "DLCLASS1"
    private static let entriesMax = 64 << 20
    private static let bytesMax = 2 << 30

    package func write(to folder: String) throws(WashingError) {
        try WashingFiles.makeFolder(folder)
        for (language, model) in perplexity.sorted(by: { $0.key < $1.key }) {
            let file = try FileWriter(path: "\(folder)/perplexity-\(language).bin")
            try file.write(Array(Self.modelMagic.utf8))
            try file.write(UInt64(model.words))
            try file.write(UInt64(model.vocabulary))
            try file.write(array: model.table.keys)
            try file.write(array: model.table.counts)
            try file.write(array: model.table.followers)
            try file.close()
        }
        if let classifier {
            let file = try FileWriter(path: "\(folder)/classifier.bin")
            try file.write(Array(Self.classifierMagic.utf8))
            try file.write(classifier.bias.bitPattern)
            try file.write(array: classifier.weights.map(\.bitPattern))
            try file.close()
        }
        try WashingFiles.replace("\(folder)/learnt.json", with: try WashingJSON.encode(facts))
    }

    package init() {}

    package init(folder: String) throws(WashingError) {
        facts = try WashingJSON.decode(Facts.self, from: "\(folder)/learnt.json")
        for language in facts.words.keys.sorted() {
            let path = "\(folder)/perplexity-\(language).bin"
            var reader = try BinaryReader(path: path, magic: Self.modelMagic, bytesMax: Self.bytesMax)
            let words = Int(clamping: try reader.number(UInt64.self))
            let vocabulary = Int(clamping: try reader.number(UInt64.self))
            let keys = try reader.array(of: UInt64.self, countMax: Self.entriesMax)
            let counts = try reader.array(of: UInt32.self, countMax: Self.entriesMax)
            let followers = try reader.array(of: UInt32.self, countMax: Self.entriesMax)
            guard keys.count > 0, keys.count & (keys.count - 1) == 0, counts.count == keys.count,
                followers.count == keys.count, counts.contains(0)
            else {
                throw .damaged(path: path, expected: "a table of a power of two", actual: "\(keys.count) keys")
            }
            perplexity[language] = NGramModel(
                table: NGramTable(keys: keys, counts: counts, followers: followers), words: words,
                vocabulary: vocabulary)
        }
        let path = "\(folder)/classifier.bin"
        guard WashingFiles.exists(path) else { return }
        var reader = try BinaryReader(path: path, magic: Self.classifierMagic, bytesMax: Self.bytesMax)
        let bias = Float(bitPattern: try reader.number(UInt32.self))
        let weights = try reader.array(of: UInt32.self, countMax: LinearClassifier.buckets)
        guard weights.count == LinearClassifier.buckets else {
            throw .damaged(path: path, expected: "\(LinearClassifier.buckets) weights", actual: "\(weights.count)")
        }
        classifier = LinearClassifier(weights: weights.map { Float(bitPattern: $0) }, bias: bias)
    }
}
