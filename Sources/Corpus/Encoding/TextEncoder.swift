import Foundation

/// Turns UTF-8 into another encoding, for whole short texts. Not thread-safe.
final class TextEncoder {
    private let descriptor: iconv_t
    private let isWestern: Bool

    /// Nil where the C library does not know the encoding.
    init?(_ encoding: TextEncoding) {
        isWestern = encoding == .windows1252
        descriptor = iconv_open(encoding.name, TextEncoding.utf8.name)
        guard descriptor != iconv_t(bitPattern: -1) else { return nil }
    }

    deinit { if descriptor != iconv_t(bitPattern: -1) { iconv_close(descriptor) } }

    /// Nil where a character has no place in the encoding.
    ///
    /// In the western one, U+0080 to U+009F stand for the bytes that Windows left without a letter: programs that go
    /// wrong write both.
    func encode(_ text: [UInt8]) -> [UInt8]? {
        guard isWestern else { return convert(text) }
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            let isControl = text[index] == 0xC2 && index + 1 < text.count && text[index + 1] < 0xA0
            if text[index] < 0x80 || isControl {
                result.append(isControl ? text[index + 1] : text[index])
                index += isControl ? 2 : 1
                continue
            }
            let length = max(1, text.withUnsafeBufferPointer { UTF8Bytes.scalarLength($0, index) })
            guard let letter = convert(Array(text[index..<(index + length)])) else { return nil }
            result += letter
            index += length
        }
        return result
    }

    private func convert(_ text: [UInt8]) -> [UInt8]? {
        var text = text
        var isWhole = false
        let result = [UInt8](unsafeUninitializedCapacity: text.count * 2 + 8) { buffer, written in
            text.withUnsafeMutableBytes { bytes in
                var source = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                var sourceLeft = bytes.count
                var target = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
                var targetLeft = buffer.count
                isWhole = iconv(descriptor, &source, &sourceLeft, &target, &targetLeft) == 0 && sourceLeft == 0
                written = buffer.count - targetLeft
            }
        }
        return isWhole ? result : nil
    }
}
