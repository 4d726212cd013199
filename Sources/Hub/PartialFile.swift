import Foundation
import Synchronization

/// A file that is being fetched in chunks, and beside it (`.state`) what has come so far, so that a killed program
/// resumes.
///
///     |== chunk 0 done ==|=== chunk 1 |         |== chunk 2 |        |
///                                     ^ done[1]             ^ done[2]
final class PartialFile: Sendable {
    struct State: Codable, Sendable {
        /// What is fetched: a URL or a sum; another identity starts over.
        var identity: String
        var size: Int?
        var tag: String?
        var chunkBytes: Int
        /// Bytes that lie on disk, from each chunk's start.
        var done: [Int] = [0]
    }

    let path: String
    let descriptor: Int32
    private let state: Mutex<State>
    private let lastSave = Mutex(ContinuousClock.now)
    private let isGGUF: Bool

    init(path: String, identity: String, size: Int?, chunkBytes: Int, isGGUF: Bool) throws(HubError) {
        self.path = path
        self.isGGUF = isGGUF
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .system("open", path) }
        var fresh = State(identity: identity, size: nil, tag: nil, chunkBytes: chunkBytes)
        if let size { Self.layOut(&fresh, size) }
        let length = Int(lseek(descriptor, 0, SEEK_END))
        if let data = FileManager.default.contents(atPath: path + ".state"), data.count < 1 << 20,
            let old = try? JSONDecoder().decode(State.self, from: data), Self.isSound(old, identity, size, length)
        {
            fresh = old
        }
        state = Mutex(fresh)
    }

    deinit { close(descriptor) }

    var snapshot: State { state.withLock { $0 } }
    var doneBytes: Int { state.withLock { $0.done.reduce(0, +) } }

    /// Bytes from the file's start without a gap.
    var frontier: Int {
        state.withLock { state in
            for (index, count) in state.done.enumerated() where count < Self.length(state, index) {
                return index * state.chunkBytes + count
            }
            return state.size ?? state.done[0]
        }
    }

    /// What is missing of a chunk, as a half-open range; without a known size, one chunk's worth.
    func missing(_ index: Int) -> Range<Int> {
        state.withLock { state in
            let start = index * state.chunkBytes
            return (start + state.done[index])..<(start + max(state.done[index], Self.length(state, index)))
        }
    }

    /// Notes the size and tag from a ranged answer.
    func learn(size: Int, tag: String?) {
        state.withLock { state in
            if state.size == nil { Self.layOut(&state, size) }
            if state.tag == nil { state.tag = tag }
        }
    }

    /// One chunk from the start: the server gives whole files only, or the file changed.
    func restart(size: Int?, tag: String?) throws(HubError) {
        guard ftruncate(descriptor, 0) == 0 else { throw .system("truncate", path) }
        state.withLock { state in
            state = State(
                identity: state.identity, size: size, tag: tag, chunkBytes: size.map { max($0, 1) } ?? state.chunkBytes)
        }
        try save()
    }

    /// Appends to a chunk. `bytesMax` bounds the whole file when its size is unknown.
    func write(_ data: Data, chunk: Int, bytesMax: Int) throws(HubError) {
        let (offset, room) = state.withLock { state in
            let done = state.done[chunk]
            return (chunk * state.chunkBytes + done, (state.size == nil ? bytesMax : Self.length(state, chunk)) - done)
        }
        guard data.count <= room else {
            throw .wrongSize(what: "the answer for \(path)", expected: offset + room, actual: offset + data.count)
        }
        if offset == 0, isGGUF, data.count >= 4, !data.starts(with: Array("GGUF".utf8)) {
            throw .notAModel(what: path, reason: "it does not begin with “GGUF”")
        }
        var written = 0
        while written < data.count {
            let count = data.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress! + written, data.count - written, off_t(offset + written))
            }
            guard count > 0 else { throw .system("write", path) }
            written += count
        }
        state.withLock { $0.done[chunk] += data.count }
        let isDue = lastSave.withLock { last in
            guard last.duration(to: .now) > .milliseconds(500) else { return false }
            last = .now
            return true
        }
        if isDue { try save() }
    }

    /// An answer of unknown length ended: that is the size.
    func finishUnknown() {
        state.withLock { state in
            guard state.size == nil else { return }
            state.size = state.done[0]
            state.chunkBytes = max(state.done[0], 1)
        }
    }

    func save() throws(HubError) {
        do {
            try JSONEncoder().encode(snapshot).write(to: URL(fileURLWithPath: path + ".state"), options: .atomic)
        } catch {
            throw .file(operation: "write", path: path + ".state", reason: "\(error)")
        }
    }

    static func remove(path: String) {
        unlink(path)
        unlink(path + ".state")
    }

    private static func length(_ state: State, _ index: Int) -> Int {
        guard let size = state.size else { return state.chunkBytes }
        return min(state.chunkBytes, size - index * state.chunkBytes)
    }

    private static func layOut(_ state: inout State, _ size: Int) {
        state.size = size
        let chunks = max(1, (size + state.chunkBytes - 1) / state.chunkBytes)
        state.done += [Int](repeating: 0, count: chunks - state.done.count)
    }

    /// A sidecar counts only if it fits this file in every number.
    private static func isSound(_ state: State, _ identity: String, _ size: Int?, _ length: Int) -> Bool {
        guard state.identity == identity, state.chunkBytes > 0, let known = state.size, known >= 0,
            size == nil || size == known, state.done.count == max(1, (known - 1) / state.chunkBytes + 1)
        else { return false }
        return state.done.enumerated().allSatisfy { index, count in
            let chunk = Self.length(state, index)
            return count >= 0 && count <= chunk && (count == 0 || index * state.chunkBytes + count <= length)
        }
    }
}
