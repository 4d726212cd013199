/// A shard's documents that are trained on, in the order of each epoch.
package struct TokenSource: Sendable {
    package let shard: TokenShard
    /// Share of the tokens, relative to the other sources.
    package let weight: Double
    /// Documents that are not held out.
    package let training: [UInt32]
    /// Documents that are, in the order of their hashes.
    package let heldOut: [UInt32]

    /// - Parameter heldOutShare: of documents, chosen by hash: the same documents whatever else is trained on.
    init(shard: TokenShard, weight: Double, heldOutShare: Double) {
        self.shard = shard
        self.weight = weight
        let bound = heldOutShare >= 1 ? UInt64.max : UInt64(max(0, heldOutShare) * 0x1p64)
        var training: [UInt32] = []
        var heldOut: [(hash: UInt64, index: UInt32)] = []
        for index in 0..<shard.documentCount {
            // Mixed again: the cache's own use of the hash must not be seen here.
            let hash = Hashing.mix(shard.document(index).hash)
            if hash < bound { heldOut.append((hash, UInt32(index))) } else { training.append(UInt32(index)) }
        }
        self.training = training
        self.heldOut = heldOut.sorted { ($0.hash, $0.index) < ($1.hash, $1.index) }.map(\.index)
    }

    /// Takes the next document and moves the cursor.
    ///
    /// - Precondition: there are documents to train on.
    func next(_ cursor: inout DataCursor.Source, seed: UInt64, source: Int) -> (index: Int, tokens: Int) {
        let order = Permutation(
            count: training.count, key: Hashing.mix(seed, UInt64(source), UInt64(cursor.epoch)))
        let index = Int(training[order[cursor.position]])
        let tokens = shard.document(index).tokens
        cursor.position += 1
        cursor.tokens += tokens
        if cursor.position == training.count {
            cursor.position = 0
            cursor.epoch += 1
        }
        return (index, tokens)
    }
}
