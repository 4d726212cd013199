import Foundation

/// Washes documents of one unit on several threads, and gives them back in their order: a large compressed file is
/// read by one thread, and need not be washed by one.
final class BatchWasher {
    struct Washed {
        var document: WashedDocument
        /// Of the text as it was read.
        let bytesBefore: Int
        /// Nil for a document that stays.
        let rejection: Verdict.Rejection?
        /// What steps took out of it.
        let trims: [Workspace.Trim]
    }

    /// What one thread has to do, and its counts.
    // Sendable: one thread at a time touches it, the one that washes it or the one that waits for all.
    private final class Slice: @unchecked Sendable {
        var chain: StepChain
        var documents: [WashedDocument] = []
        var washed: [Washed] = []

        init(_ chain: StepChain) { self.chain = chain }

        func wash() {
            washed.removeAll(keepingCapacity: true)
            for var document in documents {
                let before = document.text.count
                let isKept = chain.wash(&document)
                washed.append(
                    Washed(
                        document: document, bytesBefore: before, rejection: isKept ? nil : chain.rejection,
                        trims: chain.trims))
            }
            documents.removeAll(keepingCapacity: true)
        }
    }

    private let slices: [Slice]

    /// Text that is read before it is washed, for each thread.
    private static let batchBytes = 1 << 20

    init(threads: Int, makeChain: () -> StepChain) {
        precondition(threads > 0, "\(threads) threads")
        slices = (0..<threads).map { _ in Slice(makeChain()) }
    }

    /// The next documents, washed; empty after the last.
    func next(from source: DocumentSource) -> [Washed] {
        for slice in slices {
            var bytes = 0
            while bytes < Self.batchBytes, let document = source.nextDocument() {
                bytes += document.text.count
                slice.documents.append(document)
            }
        }
        let busy = slices.filter { !$0.documents.isEmpty }
        if busy.count == 1 {
            busy[0].wash()
        } else if busy.count > 1 {
            DispatchQueue.concurrentPerform(iterations: busy.count) { busy[$0].wash() }
        }
        return busy.flatMap(\.washed)
    }

    /// Adds what all threads counted.
    func addCounts(to statistics: inout WashingStatistics, limits: WashingLimits) {
        for slice in slices { statistics.merge(slice.chain.statistics, limits: limits) }
    }
}
