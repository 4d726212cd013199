import Corpus
import Foundation
import Kernels
import Sorting
import Synchronization

/// Finds the duplicates of some files: what the steps of a recipe do, alone.
///
///     let search = DuplicateSearch(settings: MinHashSettings(), scratch: "work", memoryBytesMax: 256 << 20)
///     let found = try search.run(files, on: pool)
///     var cursor = try found.near.cursor(unit: 0)
package struct DuplicateSearch {
    package struct Found {
        package var exact: DropLists
        package var near: DropLists
        package var exactCounts: DuplicateCounts
        package var nearCounts: DuplicateCounts
        /// Nil when passages were not asked for.
        package var passages: DropLists?
        package var passageCounts = DuplicateCounts()
        package var documents: Int
        package var textBytes: Int
        /// That all threads together spent on hashes and signatures.
        package var signingSeconds: Double
        package var mergingSeconds: Double
    }

    private struct Tally {
        var documents = 0
        var textBytes = 0
        var signing = Duration.zero
        var error: (any Error)?
    }

    private let settings: MinHashSettings
    private let scratch: String
    private let memoryBytesMax: Int
    private let passageBytesMin: Int?

    /// - Parameters:
    ///   - passageBytesMin: of a passage that stands in several places; nil does not look for any.
    ///   - scratch: an existing folder that is empty; the lists are written there.
    ///   - memoryBytesMax: for sorting, all threads together.
    package init(settings: MinHashSettings, passageBytesMin: Int? = nil, scratch: String, memoryBytesMax: Int) {
        self.settings = settings
        self.passageBytesMin = passageBytesMin
        self.scratch = scratch
        self.memoryBytesMax = memoryBytesMax
    }

    /// Each source is a unit; each is read by one thread.
    ///
    /// - Throws: `CorpusError`, `SortingError`.
    package func run(_ sources: [TextSource], on pool: WorkerPool) throws -> Found {
        let tally = Mutex(Tally())
        let memory = memoryBytesMax / (4 * pool.threads)
        pool.forEach(count: sources.count) { unit, _ in
            guard tally.withLock({ $0.error == nil }) else { return }
            do {
                let own = try write(sources[unit], unit, memory)
                tally.withLock {
                    $0.documents += own.documents
                    $0.textBytes += own.textBytes
                    $0.signing += own.signing
                }
            } catch {
                tally.withLock { $0.error = $0.error ?? error }
            }
        }
        let sum = tally.withLock { $0 }
        if let error = sum.error { throw error }
        let start = ContinuousClock.now
        let units = 0..<sources.count
        let exact = DropLists(folder: scratch, name: "exact", units: units)
        let exactCounts = try ExactDuplicates.merge(
            runs: units.map { path($0) + ".exact" }, into: exact, scratch: scratch, memoryBytesMax: memoryBytesMax)
        let near = DropLists(folder: scratch, name: "near", units: units)
        let nearCounts = try NearDuplicates.merge(
            units: units.map { ($0, path($0)) }, settings: settings, into: near, scratch: scratch,
            memoryBytesMax: memoryBytesMax)
        var found = Found(
            exact: exact, near: near, exactCounts: exactCounts, nearCounts: nearCounts, documents: sum.documents,
            textBytes: sum.textBytes, signingSeconds: sum.signing / .seconds(1), mergingSeconds: 0)
        if let passageBytesMin {
            let lists = DropLists(folder: scratch, name: "passages", units: units)
            found.passageCounts = try RepeatedPassages.merge(
                units: units.map { ($0, path($0)) }, bytesMin: passageBytesMin, into: lists, scratch: scratch,
                memoryBytesMax: memoryBytesMax, on: pool)
            found.passages = lists
        }
        found.mergingSeconds = start.duration(to: .now) / .seconds(1)
        return found
    }

    private func path(_ unit: Int) -> String { "\(scratch)/\(unit)" }

    private func write(_ source: TextSource, _ unit: Int, _ memory: Int) throws -> Tally {
        let hasher = MinHasher(settings)
        let exact = ExactDuplicateWriter(
            path: path(unit) + ".exact", unit: unit, scratch: scratch, memoryBytesMax: memory, syncs: false)
        let near = try NearDuplicateWriter(
            path: path(unit), unit: unit, settings: settings, scratch: scratch, memoryBytesMax: memory, syncs: false)
        let passages = try passageBytesMin.map { _ in try PassageWriter(path: path(unit), unit: unit, syncs: false) }
        var tally = Tally()
        var reader = source.reader()
        while var document = try reader.next() {
            let start = ContinuousClock.now
            try document.text.withUTF8 { text in
                tally.textBytes += text.count
                try exact.add(hash: DuplicateHash.exact(text), index: tally.documents)
                if hasher.sign(text) { try near.add(hasher, index: tally.documents) }
                try passages?.add(text, index: tally.documents)
            }
            tally.signing += start.duration(to: .now)
            tally.documents += 1
        }
        let start = ContinuousClock.now
        try exact.finish()
        try near.finish()
        try passages?.finish()
        tally.signing += start.duration(to: .now)
        return tally
    }
}
