import CZstd

/// A Zstandard file of frames, each of which can be read by itself from where it begins. Not thread-safe.
final class ZstdWriter: MemberWriter {
    private let file: FileWriter
    private let stream: OpaquePointer
    private var output: [UInt8]
    private var hasMember = false

    var byteCount: Int { file.byteCount }

    /// - Parameter level: 1 is fastest, 19 smallest.
    init(path: String, level: Int) throws(WashingError) {
        guard let stream = ZSTD_createCStream() else {
            throw .file(operation: "compress", path: path, reason: "Zstandard does not start")
        }
        self.stream = stream
        file = try FileWriter(path: path, hashes: true)
        output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
        ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1)
    }

    deinit { ZSTD_freeCStream(stream) }

    func write(_ bytes: [UInt8]) throws(WashingError) {
        guard !bytes.isEmpty else { return }
        hasMember = true
        try compress(bytes, ZSTD_e_continue)
    }

    func endMember() throws(WashingError) {
        guard hasMember else { return }
        try compress([], ZSTD_e_end)
        hasMember = false
    }

    func close() throws(WashingError) -> String {
        try endMember()
        return try file.close()
    }

    private func compress(_ bytes: [UInt8], _ directive: ZSTD_EndDirective) throws(WashingError) {
        var place = 0
        while true {
            var (used, status) = (0, 0)
            bytes.withUnsafeBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: place)
                    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                    status = ZSTD_compressStream2(stream, &target, &source, directive)
                    (place, used) = (source.pos, target.pos)
                }
            }
            guard ZSTD_isError(status) == 0 else {
                throw .file(
                    operation: "compress", path: file.path, reason: String(cString: ZSTD_getErrorName(status)))
            }
            if used > 0 { try file.write(Array(output[..<used])) }
            let isDone = directive == ZSTD_e_end ? status == 0 : place == bytes.count
            if isDone { return }
        }
    }
}
