import Foundation

/// A TCP connection to this machine, for what an HTTP client would not do. Never blocks a thread.
final class RawConnection {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let socket: Int32
    private(set) var received: [UInt8] = []
    private(set) var isClosedByPeer = false
    private var isOpen = true

    init(port: Int) throws {
        #if os(Linux)
            socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(description: "cannot connect to \(port): errno \(errno)") }
    }

    deinit { close() }

    var text: String { String(decoding: received, as: UTF8.self) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        let sent = bytes.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == bytes.count else { throw Failure(description: "sent \(sent) of \(bytes.count)") }
    }

    /// A request with a JSON body; `Connection: close` is left to the caller.
    func post(_ path: String, _ body: String, headers: String = "") throws {
        try send(
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\(headers)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Reads until the condition holds. Throws when it does not within the time, or the peer closes first.
    func read(seconds: Double = 20, until condition: (RawConnection) -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !condition(self) {
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                received += buffer[..<count]
                continue
            }
            if count == 0 || (errno != EAGAIN && errno != EINTR) {
                isClosedByPeer = true
                if condition(self) { return }
                throw Failure(description: "closed after: \(text.suffix(300))")
            }
            guard ContinuousClock.now < end else {
                throw Failure(description: "nothing more after: \(text.suffix(300))")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        _ = Foundation.close(socket)
    }
}
