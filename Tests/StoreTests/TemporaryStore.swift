import Foundation
import Store
import Synchronization

/// A store in a folder of its own, with a clock that ticks by one millisecond at each reading.
struct TemporaryStore: ~Copyable {
    let folder: URL
    let store: Store

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "danlu-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let clock = Ticking()
        store = try Store(path: folder.appending(path: "t.sqlite").path, now: { clock.next() })
    }

    var path: String { folder.appending(path: "t.sqlite").path }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Later at each reading, so that what is ordered by time has one order.
final class Ticking: Sendable {
    private let time = Atomic<Int64>(1_700_000_000_000)

    func next() -> Int64 { time.add(1, ordering: .relaxed).newValue }
}
