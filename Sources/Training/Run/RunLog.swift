import Foundation
import JSON

/// The log of a run: one JSON object a line, appended in one write each, synced at most once a second and when asked.
///
/// What a dying machine left of a last line is ended by a line end; readers pass over lines that are not JSON.
final class RunLog {
    private let descriptor: Int32
    private let path: String
    private var lastSync = ContinuousClock.now
    private static let syncSeconds = 1.0

    init(path: String) throws(TrainingError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("open", path) }
        let length = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0
        if length > 0, pread(descriptor, &last, 1, length - 1) == 1, last != 0x0A {
            try write([0x0A])
        }
    }

    deinit { close(descriptor) }

    /// - Throws: `TrainingError.file`; the log is whole but for this line then.
    func append(_ event: RunEvent, at date: Date = Date()) throws(TrainingError) {
        var line = event.json
        // Milliseconds are enough for people and keep the lines short.
        line["time"] = .double((date.timeIntervalSince1970 * 1000).rounded() / 1000)
        try write(Array((JSONValue.object(line).serialized() + "\n").utf8))
        if lastSync.duration(to: .now) > .seconds(Self.syncSeconds) { sync() }
    }

    func sync() {
        fsync(descriptor)
        lastSync = .now
    }

    private func write(_ bytes: [UInt8]) throws(TrainingError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + start }, bytes.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("write", path) }
            start += count
        }
    }
}
