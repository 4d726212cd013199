import CZlib

/// A gzip file of members, each of which can be read by itself from where it begins. Not thread-safe.
final class GzipWriter {
    private let file: FileWriter
    private var stream = z_stream()
    private var output: [UInt8]
    private var hasMember = false
    private static let outputBytes = 1 << 16
    /// Window bits of 15, and 16 for a gzip header.
    private static let windowBits: Int32 = 15 + 16

    /// Bytes written, all of which belong to members that have ended once `endMember` was called.
    var byteCount: Int { file.byteCount }
    var path: String { file.path }

    /// - Parameter level: 1 is fastest, 9 smallest.
    init(path: String, level: Int, hashes: Bool = true) throws(WashingError) {
        file = try FileWriter(path: path, hashes: hashes)
        output = [UInt8](repeating: 0, count: Self.outputBytes)
        let status = deflateInit2_(
            &stream, Int32(level), Z_DEFLATED, Self.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .file(operation: "compress", path: path, reason: "zlib does not start") }
    }

    deinit { deflateEnd(&stream) }

    func write(_ bytes: [UInt8]) throws(WashingError) {
        guard !bytes.isEmpty else { return }
        hasMember = true
        try compress(bytes, Z_NO_FLUSH)
    }

    func endMember() throws(WashingError) {
        guard hasMember else { return }
        try compress([], Z_FINISH)
        deflateReset(&stream)
        hasMember = false
    }

    /// The SHA-256 in hex, where the file is hashed.
    func close() throws(WashingError) -> String {
        try endMember()
        return try file.close()
    }

    private func compress(_ bytes: [UInt8], _ flush: Int32) throws(WashingError) {
        var bytes = bytes
        var place = 0
        while true {
            var (used, status) = (0, Z_OK)
            bytes.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.next_in = input.baseAddress.map { $0 + place }
                    stream.avail_in = uInt(clamping: input.count - place)
                    stream.next_out = output.baseAddress
                    stream.avail_out = uInt(output.count)
                    let offered = Int(stream.avail_in)
                    status = deflate(&stream, flush)
                    place += offered - Int(stream.avail_in)
                    used = output.count - Int(stream.avail_out)
                }
            }
            if used > 0 { try file.write(Array(output[..<used])) }
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw .file(operation: "compress", path: path, reason: "zlib gives up (\(status))")
            }
            let isDone = flush == Z_FINISH ? status == Z_STREAM_END : place == bytes.count && used < output.count
            if isDone { return }
        }
    }
}
