import Crypto
import Foundation
import Weights

/// SHA-256 in hex.
enum Hashing {
    static func hash(_ text: String) -> String { SHA256.hash(data: Data(text.utf8)).hex }

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
            guard count > 0 else { return sum.finalize().hex }
            buffer.withUnsafeBytes { sum.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }
}
