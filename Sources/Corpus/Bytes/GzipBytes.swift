import CZlib

/// The bytes inside gzip data: one member or several, as `cat a.gz b.gz` makes them.
final class GzipBytes: ByteSource {
    private let source: any ByteSource
    private let path: String
    private var stream = z_stream()
    private var input: [UInt8] = []
    private var position = 0
    /// A member has begun and not ended.
    private var isInside = false
    private static let pieceBytes = 1 << 20
    /// Window bits of 15, and 16 for a gzip header.
    private static let windowBits: Int32 = 15 + 16

    var bytesRead: Int { source.bytesRead }

    init(_ source: any ByteSource, path: String) throws(CorpusError) {
        self.source = source
        self.path = path
        guard inflateInit2_(&stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .badCompression(file: path, format: "gzip", reason: "zlib does not start")
        }
    }

    deinit { inflateEnd(&stream) }

    func next() throws(CorpusError) -> [UInt8]? {
        while true {
            if position == input.count {
                guard let more = try source.next() else {
                    guard !isInside else { throw .badCompression(file: path, format: "gzip", reason: "it ends early") }
                    return nil
                }
                (input, position) = (more, 0)
            }
            isInside = true
            let (status, output) = inflatePiece()
            switch status {
            case Z_STREAM_END:
                isInside = false
                inflateReset(&stream)
            case Z_OK, Z_BUF_ERROR: break
            default:
                let reason = "a block is broken after \(bytesRead) bytes"
                throw .badCompression(file: path, format: "gzip", reason: reason)
            }
            if !output.isEmpty { return output }
        }
    }

    private func inflatePiece() -> (Int32, [UInt8]) {
        var status = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, used in
            input.withUnsafeMutableBufferPointer { bytes in
                stream.next_in = bytes.baseAddress.map { $0 + position }
                stream.avail_in = uInt(bytes.count - position)
                stream.next_out = buffer.baseAddress
                stream.avail_out = uInt(buffer.count)
                status = inflate(&stream, Z_NO_FLUSH)
                position = bytes.count - Int(stream.avail_in)
            }
            used = buffer.count - Int(stream.avail_out)
        }
        return (status, output)
    }
}
