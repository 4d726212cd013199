/// Makes bytes valid UTF-8 where a part of them is not.
enum LineRepair {
    /// Mends line by line: a file that people have added to holds lines of another encoding.
    ///
    /// - Returns: the text, and how many bytes became U+FFFD.
    static func mend(_ bytes: [UInt8]) -> (text: [UInt8], broken: Int) {
        guard bytes.withUnsafeBufferPointer({ UTF8Bytes.firstFault($0) != nil }) else { return (bytes, 0) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 64)
        var broken = 0
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.startIndex > 0 { text.append(0x0A) }
            let line = Array(line)
            guard line.withUnsafeBufferPointer({ UTF8Bytes.firstFault($0) != nil }) else {
                text += line
                continue
            }
            let (mended, count) = mendLine(line)
            text += mended
            broken += count
        }
        return (text, broken)
    }

    private static func mendLine(_ line: [UInt8]) -> (text: [UInt8], broken: Int) {
        let encoding = line.withUnsafeBufferPointer { EncodingDetector.detect($0) }
        if encoding.isDoubleByte, let (text, broken) = TextDecoder.decode(line, encoding), broken == 0 {
            return (text, 0)
        }
        return line.withUnsafeBufferPointer { UTF8Bytes.mended($0) }
    }

    /// A whole text of unknown encoding as UTF-8.
    ///
    /// - Parameter label: what a header or the text itself says its encoding is.
    static func decode(_ bytes: [UInt8], label: String?, forced: TextEncoding? = nil) -> (text: [UInt8], broken: Int) {
        let (encoding, mark) = bytes.withUnsafeBufferPointer {
            (forced ?? EncodingDetector.detect($0, label: label), TextEncoding.byteOrderMark($0))
        }
        let body = mark.map { $0.encoding == encoding ? Array(bytes.dropFirst($0.count)) : bytes } ?? bytes
        if encoding == .utf8 { return mend(body) }
        return TextDecoder.decode(body, encoding) ?? mend(body)
    }
}
