import Foundation
import Synchronization

/// A small HTTP/1.1 server on loopback that misbehaves on request: one thread a connection, one request a connection.
final class TestServer: Sendable {
    struct Request: Sendable {
        let path: String
        let query: String
        let fields: [String: String]
        /// How many requests for this path came before.
        let count: Int
    }

    struct Answer: Sendable {
        var status = 200
        var fields: [String: String] = [:]
        var body: [UInt8] = []
        /// Close after so many bytes of the body although more was announced.
        var cutAfter: Int?
        /// Announce this length instead of the true one.
        var lieLength: Int?
        var delaySeconds = 0.0

        static func text(_ text: String, type: String = "application/json") -> Answer {
            Answer(fields: ["Content-Type": type], body: Array(text.utf8))
        }

        static func redirect(_ to: String, fields: [String: String] = [:]) -> Answer {
            Answer(status: 302, fields: fields.merging(["Location": to]) { $1 })
        }

        /// A file with ranges and If-Range, as a hub's storage gives it.
        static func file(_ bytes: [UInt8], _ request: Request, tag: String = "\"v1\"") -> Answer {
            var fields = ["ETag": tag, "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"]
            guard let text = request.fields["range"], text.hasPrefix("bytes="),
                request.fields["if-range"].map({ $0 == tag }) ?? true
            else { return Answer(fields: fields, body: bytes) }
            let bounds = text.dropFirst(6).split(separator: "-").compactMap { Int($0) }
            guard let first = bounds.first, first < bytes.count else { return Answer(status: 416) }
            let last = min(bounds.count > 1 ? bounds[1] : bytes.count - 1, bytes.count - 1)
            fields["Content-Range"] = "bytes \(first)-\(last)/\(bytes.count)"
            return Answer(status: 206, fields: fields, body: Array(bytes[first...last]))
        }
    }

    let port: UInt16
    private let descriptor: Int32
    private let handler: @Sendable (Request) -> Answer
    private let counts = Mutex<[String: Int]>([:])
    private let sent = Atomic<Int>(0)

    var base: String { "http://127.0.0.1:\(port)" }
    /// Bytes of bodies sent so far.
    var bytesSent: Int { sent.load(ordering: .relaxed) }
    func requests(_ path: String) -> Int { counts.withLock { $0[path] ?? 0 } }

    init(_ handler: @escaping @Sendable (Request) -> Answer) throws {
        self.handler = handler
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let server = self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { server.serve(connection) }
            }
        }
    }

    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let request = read(connection) else { return }
        let answer = handler(request)
        if answer.delaySeconds > 0 { Thread.sleep(forTimeInterval: answer.delaySeconds) }
        var head = "HTTP/1.1 \(answer.status) X\r\nConnection: close\r\n"
        for (name, value) in answer.fields { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(answer.lieLength ?? answer.body.count)\r\n\r\n"
        guard send(connection, Array(head.utf8)) else { return }
        let body = answer.cutAfter.map { Array(answer.body.prefix($0)) } ?? answer.body
        for start in stride(from: 0, to: body.count, by: 65_536) {
            let piece = Array(body[start..<min(start + 65_536, body.count)])
            guard send(connection, piece) else { return }
            sent.wrappingAdd(piece.count, ordering: .relaxed)
        }
        shutdown(connection, Int32(SHUT_WR))
    }

    private func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress! + start, bytes.count - start, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !bytes.ends(with: Array("\r\n\r\n".utf8)) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0, bytes.count < 65_536 else { return nil }
            bytes += buffer[..<count]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2 else { return nil }
        let halves = words[1].split(separator: "?", maxSplits: 1).map(String.init)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if pair.count == 2 { fields[pair[0].lowercased()] = pair[1] }
        }
        let count = counts.withLock { counts -> Int in
            defer { counts[halves[0], default: 0] += 1 }
            return counts[halves[0]] ?? 0
        }
        return Request(path: halves[0], query: halves.count > 1 ? halves[1] : "", fields: fields, count: count)
    }
}

extension Array where Element == UInt8 {
    func ends(with tail: [UInt8]) -> Bool { count >= tail.count && Array(suffix(tail.count)) == tail }
}
