import Foundation
import Synchronization

/// Fetches one file into a partial file: ranges in parallel where the server has them, continued where it was cut.
struct Download: Sendable {
    let client: HTTPClient
    let file: RemoteFile
    let path: String
    let meter: Meter

    private var limits: HubLimits { client.limits }
    private var shown: String { HTTPClient.withoutSecrets(file.url) }

    /// Returns the SHA-256 of the complete file, which then lies at `path`, synced. A file whose sum is wrong after a
    /// resume is fetched once more from the start; then it is removed.
    func run() async throws -> String {
        do {
            return try await attempt()
        } catch let error as HubError {
            switch error {
            case .changedWhileDownloading, .wrongSum, .wrongSize:
                let wasResumed = meter.resumed(file.name) > 0
                PartialFile.remove(path: path)
                meter.forget(file.name)
                guard wasResumed || error == .changedWhileDownloading(url: shown) else { throw error }
                return try await attempt()
            case .notAModel:
                PartialFile.remove(path: path)
                throw error
            default: throw error
            }
        }
    }

    private func attempt() async throws -> String {
        let partial = try PartialFile(
            path: path, identity: file.identity, size: file.size, chunkBytes: limits.chunkBytes, isGGUF: file.isGGUF)
        if let size = file.size { try check(size: size) }
        meter.begin(file.name, size: partial.snapshot.size, resumed: partial.doneBytes)
        let digest = Digest(descriptor: partial.descriptor, path: path)
        // Whatever ends this, also a cancel, the next pull continues from here.
        defer { try? partial.save() }
        try await fetch(0, partial)
        try await digest.advance(to: partial.frontier)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let chunks = partial.snapshot.done.count
            var next = 1
            func add() {
                guard next < chunks else { return }
                let index = next
                next += 1
                group.addTask {
                    try await fetch(index, partial)
                    try await digest.advance(to: partial.frontier)
                }
            }
            for _ in 0..<limits.connectionsMax { add() }
            while try await group.next() != nil { add() }
        }
        let size = partial.frontier
        if let expected = file.size, expected != size {
            throw HubError.wrongSize(what: shown, expected: expected, actual: size)
        }
        try await digest.advance(to: size)
        guard ftruncate(partial.descriptor, off_t(size)) == 0, fsync(partial.descriptor) == 0 else {
            throw HubError.system("sync", path)
        }
        let sum = await digest.hex()
        if let expected = file.sha256, expected != sum {
            throw HubError.wrongSum(what: file.name, expected: expected, actual: sum)
        }
        return sum
    }

    /// Brings one chunk in, with retries while the server fails for a time.
    private func fetch(_ index: Int, _ partial: PartialFile) async throws {
        var failures = 0
        while !(partial.snapshot.size != nil && partial.missing(index).isEmpty) {
            try Task.checkCancellation()
            let before = partial.doneBytes
            do {
                try await request(index, partial)
                if partial.snapshot.size == nil { partial.finishUnknown() }
                if partial.missing(index).isEmpty { break }
                throw HubError.unreachable(url: shown, reason: "the answer ended early")
            } catch let error as HubError {
                guard let wait = Retry.wait(after: error, failures: failures, limits: limits) else { throw error }
                failures = partial.doneBytes > before ? 0 : failures + 1
                guard failures < limits.attemptsMax else { throw error }
                try partial.save()
                meter.retry(error, seconds: wait)
                try await Task.sleep(for: .seconds(wait))
            }
        }
    }

    private func request(_ index: Int, _ partial: PartialFile) async throws {
        let range = partial.missing(index)
        let known = partial.snapshot
        var fields = file.fields
        fields["Range"] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
        if let tag = known.tag, range.lowerBound > 0 { fields["If-Range"] = tag }
        let written = Mutex(0)
        try await client.get(
            file.url, fields: fields,
            onHead: { head in try take(head, index: index, range: range, partial: partial) },
            onBytes: { data in
                written.withLock { $0 += data.count }
                try partial.write(data, chunk: index, bytesMax: limits.downloadBytesMax)
                meter.add(data.count, to: file.name, size: partial.snapshot.size)
            })
    }

    /// Judges an answer's head before any byte is kept.
    private func take(_ head: HTTPClient.Head, index: Int, range: Range<Int>, partial: PartialFile) throws {
        if head.status == 206 { return try takeRange(head, range, partial) }
        guard head.status == 200 else {
            if head.status == 416 { throw HubError.changedWhileDownloading(url: shown) }
            throw Retry.error(head, shown)
        }
        if file.isGGUF, head["content-type"]?.lowercased().hasPrefix("text/html") == true {
            throw HubError.notAModel(what: shown, reason: "the server sent a web page (a login or error page?)")
        }
        guard index == 0 else { throw HubError.changedWhileDownloading(url: shown) }
        let length = head["content-encoding"].map { $0 == "identity" } ?? true ? head.length : nil
        if let length { try check(size: length) }
        meter.forget(file.name)
        try partial.restart(size: length, tag: head.strongTag)
        meter.begin(file.name, size: length, resumed: 0)
    }

    private func takeRange(_ head: HTTPClient.Head, _ range: Range<Int>, _ partial: PartialFile) throws {
        let text = head["content-range"] ?? ""
        let numbers = (text.removingPrefix("bytes ") ?? "").split(whereSeparator: { "-/".contains($0) }).map { Int($0) }
        guard numbers.count == 3, let first = numbers[0], let last = numbers[1], let total = numbers[2],
            first == range.lowerBound, last >= first, last < range.upperBound, last < total
        else { throw HubError.badAnswer(url: shown, reason: "Content-Range is “\(HubError.shown(text))”") }
        try check(size: total)
        let known = partial.snapshot
        if let size = known.size, size != total { throw HubError.changedWhileDownloading(url: shown) }
        if let tag = known.tag, let now = head.strongTag, tag != now {
            throw HubError.changedWhileDownloading(url: shown)
        }
        partial.learn(size: total, tag: head.strongTag)
    }

    private func check(size: Int) throws {
        guard size <= limits.downloadBytesMax else {
            throw HubError.tooLarge(what: shown, bytes: size, bytesMax: limits.downloadBytesMax)
        }
        if let expected = file.size, expected != size {
            throw HubError.wrongSize(what: shown, expected: expected, actual: size)
        }
    }
}
