import Corpus
import Foundation
import Kernels

/// Shards of tokens on disk, by what they were made of. Several runs, and several programs at once, share them.
package struct TokenCache: Sendable {
    /// A folder of its own: `<folder>/<key>/`.
    package let folder: String

    package init(folder: String) { self.folder = folder }

    /// The shard of a source, made if it is not there or not sound.
    ///
    /// - Parameter progress: called after each block that is tokenised, and not at all when the shard is there.
    func shard(
        of source: TextSource, _ tokenizer: TrainingTokenizer, on pool: WorkerPool,
        progress: (TokenizingProgress) throws(TrainingError) -> Void
    ) throws(TrainingError) -> TokenShard {
        let manifest = try SourceManifest(source)
        let key = TokenShardManifest.key(tokenizer: tokenizer.hash, source: manifest.hash)
        let place = "\(folder)/\(key)"
        // An unsound shard is made again: it is a copy of what the text says.
        if let shard = try? TokenShard(folder: place, key: key), shard.manifest.source == manifest { return shard }
        clearAbandoned(key)
        // A name of its own, so that two programs do not write into each other's files.
        let partial = "\(folder)/.\(key).\(ProcessInfo.processInfo.processIdentifier)"
        Files.remove(partial)
        try Files.makeFolder(partial)
        do {
            let builder = TokenShardBuilder(source: source, manifest: manifest, tokenizer: tokenizer, pool: pool)
            try builder.build(in: partial, progress: progress)
        } catch {
            Files.remove(partial)
            throw error
        }
        Files.remove(place)
        try Files.move(partial, to: place)
        return try TokenShard(folder: place, key: key)
    }

    /// Removes what killed programs were writing.
    private func clearAbandoned(_ key: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(".\(key).") {
            guard let process = Int32(name.dropFirst(key.utf8.count + 2)), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            Files.remove("\(folder)/\(name)")
        }
    }

    /// A shard that was made before: a run goes on with it even when its text is no longer there.
    func shard(key: String) throws(TrainingError) -> TokenShard {
        try TokenShard(folder: "\(folder)/\(key)", key: key)
    }
}
