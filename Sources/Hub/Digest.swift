import Crypto
import Foundation

/// SHA-256 of a file that is still growing: hashes whatever lies ready, from the page cache while it is fresh.
actor Digest {
    private var hash = SHA256()
    private var position = 0
    private let descriptor: Int32
    private let path: String

    /// The descriptor stays the caller's and must outlive the digest's use.
    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes in the bytes up to `end`.
    func advance(to end: Int) throws(HubError) {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while position < end {
            let wanted = min(buffer.count, end - position)
            let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, wanted, off_t(position)) }
            guard count > 0 else { throw .system("read", path) }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            position += count
        }
    }

    func hex() -> String { Self.hex(hash.finalize()) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func isSHA256(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
