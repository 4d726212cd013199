import CZstd

/// The bytes inside Zstandard data: one frame or several.
final class ZstdBytes: ByteSource {
    private let source: any ByteSource
    private let path: String
    private let stream: OpaquePointer
    private var input: [UInt8] = []
    private var position = 0
    /// A frame has begun and not ended.
    private var isInside = false
    private static let pieceBytes = 1 << 20
    /// Frames that ask for a larger window, hence for more memory, are refused: 128 MiB, as the `zstd` program does.
    private static let windowLogMax: Int32 = 27

    var bytesRead: Int { source.bytesRead }

    init(_ source: any ByteSource, path: String) throws(CorpusError) {
        guard let stream = ZSTD_createDStream() else {
            throw .badCompression(file: path, format: "zstd", reason: "the library does not start")
        }
        self.source = source
        self.path = path
        self.stream = stream
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Self.windowLogMax)
    }

    deinit { ZSTD_freeDStream(stream) }

    func next() throws(CorpusError) -> [UInt8]? {
        while true {
            if position == input.count {
                guard let more = try source.next() else {
                    guard !isInside else { throw fault("it ends early") }
                    return nil
                }
                (input, position) = (more, 0)
            }
            let (status, output) = decompressPiece()
            guard ZSTD_isError(status) == 0 else {
                throw fault("\(String(cString: ZSTD_getErrorName(status))) after \(bytesRead) bytes")
            }
            isInside = status != 0
            if !output.isEmpty { return output }
        }
    }

    private func fault(_ reason: String) -> CorpusError {
        .badCompression(file: path, format: "zstd", reason: reason)
    }

    private func decompressPiece() -> (Int, [UInt8]) {
        var status = 0
        let output = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, used in
            input.withUnsafeBufferPointer { bytes in
                var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: position)
                var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                repeat {
                    status = ZSTD_decompressStream(stream, &target, &source)
                } while ZSTD_isError(status) == 0 && target.pos < target.size && source.pos < source.size
                (position, used) = (source.pos, target.pos)
            }
        }
        return (status, output)
    }
}
