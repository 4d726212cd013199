/// Examples that are learnt together: a pair, or an answer and its mismatch. A group is trained on whole, or held out
/// whole.
struct ExampleGroups: Sendable {
    let shard: TokenShard
    /// Documents of each group.
    let groups: [Range<Int>]
    /// Groups that are trained on.
    let training: [Int]
    let heldOut: [Int]

    /// - Parameter heldOutShare: of groups, chosen by their questions: answers to the same question stay together.
    /// - Throws: `TrainingError.damaged` for a shard without labels; `.noDocuments` when nothing is left to train on.
    init(shard: TokenShard, heldOutShare: Double, path: String) throws(TrainingError) {
        self.shard = shard
        var starts: [Int] = []
        for index in 0..<shard.documentCount {
            guard let label = shard.label(index), label.beginsGroup || !starts.isEmpty else {
                throw .damaged(file: path, expected: "labelled examples", actual: "example \(index) without a label")
            }
            if label.beginsGroup { starts.append(index) }
        }
        let ends = starts.dropFirst() + [shard.documentCount]
        groups = zip(starts, ends).map { $0..<$1 }
        let bound = UInt64(max(0, min(0.5, heldOutShare)) * 0x1p64)
        var (training, heldOut): ([Int], [Int]) = ([], [])
        for (index, group) in groups.enumerated() {
            let isHeldOut = Self.question(of: group.lowerBound, shard) < bound
            if isHeldOut { heldOut.append(index) } else { training.append(index) }
        }
        // A few groups are better trained on than measured.
        (self.training, self.heldOut) = training.isEmpty ? (heldOut, []) : (training, heldOut)
        guard !groups.isEmpty else { throw .noDocuments(path: path, reason: "no example is left") }
    }

    /// A number for the tokens before what is learnt.
    private static func question(of document: Int, _ shard: TokenShard) -> UInt64 {
        let record = shard.document(document)
        var hash: UInt64 = 0
        for place in record.offset..<record.offset + record.tokens {
            if shard.isLearnt(at: place) { break }
            hash = Hashing.mix(hash, UInt64(shard.token(at: place)))
        }
        return Hashing.mix(hash)
    }

    /// The next groups of each epoch's own order.
    func next(_ count: Int, _ cursor: inout DataCursor.Source, seed: UInt64) -> [Int] {
        (0..<count).map { _ in
            let order = Permutation(count: training.count, key: Hashing.mix(seed, UInt64(cursor.epoch)))
            let group = training[order[cursor.position]]
            cursor.tokens += groups[group].reduce(0) { $0 + shard.document($1).tokens }
            cursor.position += 1
            if cursor.position == training.count {
                cursor.position = 0
                cursor.epoch += 1
            }
            return group
        }
    }
}
