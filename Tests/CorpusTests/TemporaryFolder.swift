import CZlib
import CZstd
import Foundation

/// A folder that goes away with `remove()`.
struct TemporaryFolder {
    let path = NSTemporaryDirectory() + "danlu-corpus-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    /// One gzip member.
    static func gzip(_ text: String) -> [UInt8] { gzip(bytes: Array(text.utf8)) }

    /// One frame.
    static func zstd(_ text: String) -> [UInt8] {
        let input = Array(text.utf8)
        return [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(input.count)) { output, used in
            used = ZSTD_compress(output.baseAddress, output.count, input, input.count, 3)
        }
    }

    static func gzip(bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: input.count + 1024) { output, used in
            input.withUnsafeMutableBufferPointer { bytes in
                stream.next_in = bytes.baseAddress
                stream.avail_in = uInt(bytes.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                deflate(&stream, Z_FINISH)
            }
            used = output.count - Int(stream.avail_out)
        }
    }
}
