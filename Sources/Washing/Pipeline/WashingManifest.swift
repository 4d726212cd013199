/// What a washed corpus consists of and came from: files with their hashes.
struct WashingManifest: Codable, Sendable {
    struct Split: Codable, Sendable {
        var documents: Int
        var textBytes: Int
    }

    struct Source: Codable, Sendable {
        var name: String
        var bytes: Int
    }

    var format = "danlu-corpus-1"
    var recipe: String
    var recipeSha256: String
    var splits: [String: Split]
    var shards: [Sharder.Shard]
    var sources: [Source]

    init(_ plan: WashingPlan, _ outcome: WashingOutcome) {
        recipe = outcome.recipe
        recipeSha256 = plan.recipe
        splits = [:]
        for split in Set(outcome.shards.map(\.split)) {
            let amount = outcome.amount(split)
            splits[split] = Split(documents: amount.documents, textBytes: amount.bytes)
        }
        shards = outcome.shards
        sources = plan.units.flatMap(\.pieces).filter { $0.start == nil || $0.start == 0 }
            .map { Source(name: $0.name, bytes: $0.bytes) }
    }

    func encoded() throws(WashingError) -> [UInt8] { try WashingJSON.encode(self) }
}
