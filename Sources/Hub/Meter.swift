import Synchronization

/// Adds up what all parts bring and reports at most five times a second.
final class Meter: Sendable {
    private struct Entry {
        var done = 0
        var size: Int?
        var resumed = 0
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var samples: [(time: ContinuousClock.Instant, bytes: Int)] = []
        var lastReport: ContinuousClock.Instant?
        var received = 0
    }

    private let state = Mutex(State())
    private let report: @Sendable (PullEvent) -> Void
    private let files: Int

    init(files: [RemoteFile], report: @escaping @Sendable (PullEvent) -> Void) {
        self.report = report
        self.files = files.count
        state.withLock { state in
            for file in files { state.entries[file.name] = Entry(size: file.size) }
        }
    }

    func begin(_ name: String, size: Int?, resumed: Int) {
        state.withLock { state in
            let known = size ?? state.entries[name]?.size
            state.entries[name] = Entry(done: resumed, size: known, resumed: resumed)
        }
    }

    func forget(_ name: String) { state.withLock { $0.entries[name] = Entry(size: $0.entries[name]?.size) } }

    func resumed(_ name: String) -> Int { state.withLock { $0.entries[name]?.resumed ?? 0 } }

    func add(_ bytes: Int, to name: String, size: Int?) {
        let progress = state.withLock { state -> PullProgress? in
            state.entries[name, default: Entry()].done += bytes
            if let size { state.entries[name]?.size = size }
            state.received += bytes
            let now = ContinuousClock.now
            if let last = state.lastReport, last.duration(to: now) < .milliseconds(200) { return nil }
            state.lastReport = now
            state.samples.append((now, state.received))
            state.samples.removeAll { $0.time.duration(to: now) > .seconds(6) }
            return Self.progress(state, files)
        }
        if let progress { report(.progress(progress)) }
    }

    func retry(_ error: HubError, seconds: Double) { report(.retrying(reason: "\(error)", seconds: seconds)) }

    func finish() { report(.progress(state.withLock { Self.progress($0, files) })) }

    private static func progress(_ state: State, _ files: Int) -> PullProgress {
        let sizes = state.entries.values.compactMap(\.size)
        var rate = 0.0
        if let first = state.samples.first, let last = state.samples.last {
            let span = first.time.duration(to: last.time) / .seconds(1)
            if span > 0 { rate = Double(last.bytes - first.bytes) / span }
        }
        return PullProgress(
            doneBytes: state.entries.values.reduce(0) { $0 + $1.done },
            totalBytes: sizes.count == files ? sizes.reduce(0, +) : nil, bytesPerSecond: rate)
    }
}
