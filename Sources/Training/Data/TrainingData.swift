import Corpus
import Kernels

/// A run's data, ready: shards, what is held out, and the manifest.
package struct TrainingData: Sendable {
    package let sources: [TokenSource]
    package let manifest: DataManifest

    /// Tokenises what is not in the cache.
    ///
    /// - Throws: `TrainingError.noDocuments` when a source has nothing to train on.
    package init(
        _ paths: [DataPath], tokenizer: TrainingTokenizer, cache: TokenCache, heldOutShare: Double, brokenLinesMax: Int,
        on pool: WorkerPool, progress: (TokenizingProgress) throws(TrainingError) -> Void
    ) throws(TrainingError) {
        var limits = CorpusLimits()
        limits.brokenLinesMax = brokenLinesMax
        var shards: [TokenShard] = []
        for path in paths {
            let source: TextSource
            do { source = try TextSource(path: path.path, limits: limits) } catch { throw .corpus(error) }
            shards.append(try cache.shard(of: source, tokenizer, on: pool, progress: progress))
        }
        try self.init(paths, shards, tokenizer.hash, heldOutShare)
    }

    /// The shards that a manifest names: the text need not be there any more.
    package init(resuming manifest: DataManifest, cache: TokenCache) throws(TrainingError) {
        var shards: [TokenShard] = []
        for source in manifest.sources { shards.append(try cache.shard(key: source.key)) }
        let paths = manifest.sources.map { DataPath(path: $0.path, weight: $0.weight) }
        try self.init(paths, shards, manifest.tokenizer, manifest.heldOutShare)
    }

    /// Examples that were rendered: one source, whose shard lies in the run's folder.
    init(
        _ examples: ExampleShard, path: DataPath, hash: String, in folder: String, heldOutShare: Double
    ) throws(TrainingError) {
        let shard = try examples.write(hash: hash, to: folder)
        try self.init([path], [shard], hash, heldOutShare)
    }

    private init(
        _ paths: [DataPath], _ shards: [TokenShard], _ tokenizer: String, _ heldOutShare: Double
    ) throws(TrainingError) {
        var sources: [TokenSource] = []
        for (path, shard) in zip(paths, shards) {
            let weight = path.weight ?? Double(max(1, shard.manifest.tokens))
            var source = TokenSource(shard: shard, weight: weight, heldOutShare: heldOutShare)
            // A source of a few documents may have lost all of them: it is better trained on than measured.
            if source.training.isEmpty { source = TokenSource(shard: shard, weight: weight, heldOutShare: 0) }
            guard !source.training.isEmpty else {
                throw .noDocuments(path: path.path, reason: "no document has two tokens or more")
            }
            sources.append(source)
        }
        self.sources = sources
        manifest = DataManifest(
            tokenizer: tokenizer, heldOutShare: heldOutShare,
            sources: zip(paths, sources).map { path, source in
                let facts = source.shard.manifest
                return DataManifest.Source(
                    path: path.path, weight: source.weight, key: source.shard.key, sha256: facts.source.hash,
                    files: facts.source.files.count, documents: facts.documents, tokens: facts.tokens,
                    textBytes: facts.textBytes, brokenLines: facts.brokenLines,
                    heldOutDocuments: source.heldOut.count)
            })
    }
}
