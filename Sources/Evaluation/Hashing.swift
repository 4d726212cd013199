import Crypto
import Foundation

/// SHA-256 in hex.
enum Hashing {
    static func hash(_ text: String) -> String { hex(SHA256.hash(data: Data(text.utf8))) }

    /// Of a file, read in pieces.
    static func hash(file path: String) throws(EvaluationError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("read", path) }
        defer { close(descriptor) }
        var sum = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw .system("read", path) }
            guard count > 0 else { return hex(sum.finalize()) }
            buffer.withUnsafeBytes { sum.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
