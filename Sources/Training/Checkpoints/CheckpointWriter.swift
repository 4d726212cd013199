import Foundation
import Kernels
import Synchronization
import Weights

/// Saves checkpoints while training goes on.
///
/// `begin` writes the tensors into the system's page cache, which is the copy: no memory of our own is needed for it,
/// and it is about as fast as one would be. What takes time (syncing, hashing, renaming) is done by a thread of its
/// own, one checkpoint at a time.
///
///     begin      .step-N.partial/ weights, optimizer, state      on the training thread
///     complete   sync each, read back and hash, manifest, sync the folder, rename, sync, pointer `latest`, prune
final class CheckpointWriter: Sendable {
    /// What became of a checkpoint.
    struct Outcome: Sendable {
        var step: Int
        /// From the beginning to the pointer.
        var seconds: Double
        /// That training waited for it.
        var waitedSeconds: Double
        var bytes: Int
        var error: TrainingError?
    }

    /// What is saved besides tensors.
    struct Content: Sendable {
        var state: CheckpointState
        var hashes: CheckpointManifest.Hashes
        var isRegular: Bool
        var isMilestone: Bool
    }

    private let store: CheckpointStore
    private let keep: Int
    private let work = DispatchGroup()
    private let queue = DispatchQueue(label: "danlu.checkpoint", qos: .utility)
    private let outcomes = Mutex<[Outcome]>([])

    init(store: CheckpointStore, keep: Int) {
        self.store = store
        self.keep = max(2, keep)
    }

    /// Waits for the checkpoint before, if one is still under way, and begins another.
    ///
    /// - Throws: `TrainingError` when it cannot be written, for instance on a full disk; nothing is left of it then.
    func begin(
        _ content: Content, parameters: FloatBuffer, layout: ParameterLayout, optimizer: Optimizer
    ) throws(TrainingError) {
        let clock = ContinuousClock()
        let start = clock.now
        work.wait()
        let step = content.state.step
        let partial = "\(store.folder)/.\(CheckpointStore.name(step))\(CheckpointStore.partialEnding)"
        do throws(TrainingError) {
            let writers = Writers(
                try Self.write(content.state, parameters, layout, optimizer, to: partial))
            let waited = start.duration(to: clock.now) / .seconds(1)
            queue.async(group: work) { [self] in
                var outcome = Outcome(step: step, seconds: 0, waitedSeconds: waited, bytes: 0)
                do throws(TrainingError) {
                    outcome.bytes = try complete(content, writers, partial)
                } catch {
                    Files.remove(partial)
                    outcome.error = error
                }
                outcome.seconds = start.duration(to: clock.now) / .seconds(1)
                outcomes.withLock { [outcome] in $0.append(outcome) }
            }
        } catch {
            Files.remove(partial)
            throw error
        }
    }

    /// Waits until nothing is under way.
    func wait() { work.wait() }

    /// What was completed, or failed, since the last call.
    func finished() -> [Outcome] {
        outcomes.withLock { outcomes in
            defer { outcomes = [] }
            return outcomes
        }
    }

    /// Files that are written and not yet synced; one thread after the other has them.
    private final class Writers: @unchecked Sendable {
        // Sendable: made on the training thread, used on the queue and nowhere else.
        let list: [SafetensorsWriter]
        init(_ list: [SafetensorsWriter]) { self.list = list }
    }

    private static func write(
        _ state: CheckpointState, _ parameters: FloatBuffer, _ layout: ParameterLayout, _ optimizer: Optimizer,
        to folder: String
    ) throws(TrainingError) -> [SafetensorsWriter] {
        Files.remove(folder)
        try Files.makeFolder(folder)
        let states = optimizer.state
        do {
            let weights = try SafetensorsWriter(
                path: "\(folder)/\(Checkpoint.weightsName)",
                tensors: layout.entries.map { .init(name: $0.name, type: .f32, shape: $0.shape) })
            for entry in layout.entries { try weights.write(entry.name, parameters, from: entry.offset) }
            let moments = try SafetensorsWriter(
                path: "\(folder)/\(Checkpoint.optimizerName)",
                tensors: states.map { .init(name: $0.name, type: .f32, shape: [$0.buffer.count]) })
            for (name, buffer) in states { try moments.write(name, buffer) }
            return [weights, moments]
        } catch {
            throw .weights(error)
        }
    }

    private func complete(_ content: Content, _ writers: Writers, _ partial: String) throws(TrainingError) -> Int {
        try Files.replace("\(partial)/\(Checkpoint.stateName)", withJSON: content.state)
        try Files.writing { () throws(WeightsError) in for writer in writers.list { _ = try writer.finish() } }
        var files: [String: FileSum] = [:]
        for name in Checkpoint.fileNames { files[name] = try Files.sum("\(partial)/\(name)") }
        let manifest = CheckpointManifest(
            step: content.state.step, isRegular: content.isRegular, isMilestone: content.isMilestone,
            isGood: content.state.guards.skipsInARow == 0, hashes: content.hashes, files: files)
        try Files.replace("\(partial)/\(Checkpoint.manifestName)", withJSON: try manifest.sealed())
        try store.install(partial, step: content.state.step)
        try store.point(to: content.state.step)
        store.prune(keep: keep)
        return files.values.reduce(0) { $0 + $1.bytes }
    }
}
