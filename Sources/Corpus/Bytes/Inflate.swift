import CZlib

/// Unfolds compressed data that lies in memory.
enum Inflate {
    /// The forms that zlib tells apart by the window bits it is given.
    private static let anyHeader: Int32 = 15 + 32
    private static let noHeader: Int32 = -15

    /// gzip or zlib data. Nil where it is broken or longer than `bytesMax`.
    static func unfold(_ bytes: [UInt8], bytesMax: Int) -> [UInt8]? { unfold(bytes, bytesMax, anyHeader) }

    /// Bare deflate data, as zip archives hold it.
    static func unfoldBare(_ bytes: [UInt8], bytesMax: Int) -> [UInt8]? { unfold(bytes, bytesMax, noHeader) }

    private static func unfold(_ bytes: [UInt8], _ bytesMax: Int, _ windowBits: Int32) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK,
            bytes.count <= Int(UInt32.max)
        else { return nil }
        defer { inflateEnd(&stream) }
        var input = bytes
        var result: [UInt8] = []
        var status = Z_OK
        return input.withUnsafeMutableBufferPointer { input -> [UInt8]? in
            stream.next_in = input.baseAddress
            stream.avail_in = uInt(input.count)
            while status == Z_OK {
                let room = min(bytesMax - result.count + 1, max(4096, input.count * 4))
                let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = uInt(buffer.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    used = buffer.count - Int(stream.avail_out)
                }
                result += piece
                guard result.count <= bytesMax else { return nil }
            }
            return status == Z_STREAM_END ? result : nil
        }
    }
}
