import Foundation

/// Turns bytes of one encoding into UTF-8, piece by piece. Not thread-safe.
final class TextDecoder {
    private let descriptor: iconv_t
    /// Bytes at the end of a piece that begin a character.
    private var rest: [UInt8] = []
    /// Places that are no character and became U+FFFD.
    private(set) var broken = 0

    /// What `iconv` returns then: `(size_t)-1`.
    private static let failure = Int(bitPattern: UInt.max)

    /// Nil where the C library does not know the encoding.
    init?(_ encoding: TextEncoding) {
        descriptor = iconv_open(TextEncoding.utf8.name, encoding.name)
        guard descriptor != iconv_t(bitPattern: -1) else { return nil }
    }

    deinit { if descriptor != iconv_t(bitPattern: -1) { iconv_close(descriptor) } }

    /// - Parameter isLast: whether a character that is cut at the end stays so.
    func decode(_ piece: [UInt8], isLast: Bool) -> [UInt8] {
        var input = rest.isEmpty ? piece : rest + piece
        rest = []
        var result: [UInt8] = []
        // Half as much again is more than any of the encodings needs but UTF-16 and Latin-1, which go round again.
        result.reserveCapacity(input.count * 3 / 2 + 16)
        var position = 0
        while position < input.count {
            let room = max(256, (input.count - position) * 3 / 2)
            let (error, used, output) = convert(&input, from: position, room: room)
            result += output
            position += used
            switch error {
            case 0, E2BIG: continue
            case EINVAL where !isLast:
                rest = Array(input[position...])
                return result
            default:
                result += UTF8Bytes.replacement
                broken += 1
                position += 1
            }
        }
        return result
    }

    private func convert(_ input: inout [UInt8], from position: Int, room: Int) -> (Int32, Int, [UInt8]) {
        var (error, used) = (Int32(0), 0)
        let output = [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
            input.withUnsafeMutableBytes { bytes in
                var source = bytes.baseAddress.map { ($0 + position).assumingMemoryBound(to: CChar.self) }
                var sourceLeft = bytes.count - position
                var target = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
                var targetLeft = buffer.count
                let status = iconv(descriptor, &source, &sourceLeft, &target, &targetLeft)
                error = status == Self.failure ? errno : 0
                used = bytes.count - position - sourceLeft
                written = buffer.count - targetLeft
            }
        }
        return (error, used, output)
    }

    /// A whole text, and how many of its places are broken; nil where the encoding is not known.
    static func decode(_ bytes: [UInt8], _ encoding: TextEncoding) -> (text: [UInt8], broken: Int)? {
        guard let decoder = TextDecoder(encoding) else { return nil }
        let result = decoder.decode(bytes, isLast: true)
        return (result, decoder.broken)
    }
}
