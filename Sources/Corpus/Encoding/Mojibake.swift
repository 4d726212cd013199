/// Text that was decoded by the wrong table and saved: `ä½ å¥½` and `浣犲ソ` are both “你好”.
///
/// The way back is to encode it by the wrong table again and to read the result as UTF-8, line by line; it is taken
/// only where the whole line comes out sound, which a line that was right never does.
package enum Mojibake {
    /// Characters that the commonest three bytes of Chinese UTF-8 become, two by two, in GBK's table.
    private static let marks: [Bool] = {
        var marks = [Bool](repeating: false, count: lastIdeograph - firstIdeograph + 1)
        for mark in "锛銆鐨鏄涓鍦浜鍜鈥浠鏈鍙涔濡鐢璁杩鎴澶鍒浣犲閫鏂鍥".unicodeScalars where mark.value >= firstIdeograph {
            marks[Int(mark.value) - firstIdeograph] = true
        }
        return marks
    }()
    private static let firstIdeograph = 0x4E00
    private static let lastIdeograph = 0x9FFF
    /// At least this share of the scalars beyond ASCII must be marks: sound text has none or nearly none.
    private static let shareMin = 0.15
    /// “锟斤拷” and U+FFFD above this share: what was there is lost.
    private static let lostShareMax = 0.02

    package enum Outcome: Equatable { case sound, mended, lost }

    /// Mends what can be mended.
    ///
    /// - Parameter text: valid UTF-8.
    package static func mend(_ text: inout [UInt8]) -> Outcome {
        let tally = text.withUnsafeBufferPointer { Tally($0) }
        guard tally.beyondASCII > 0 else { return .sound }
        if Double(tally.lost) > lostShareMax * Double(tally.scalars) { return .lost }
        let least = Int(shareMin * Double(tally.beyondASCII))
        if tally.latin > max(2, least) { return mendLines(&text, .windows1252) }
        if tally.marks > max(2, least) { return mendLines(&text, .gb18030) }
        return .sound
    }

    private struct Tally {
        var (scalars, beyondASCII, latin, marks, lost) = (0, 0, 0, 0, 0)

        init(_ bytes: UnsafeBufferPointer<UInt8>) {
            Mojibake.marks.withUnsafeBufferPointer { count(bytes, $0) }
        }

        private mutating func count(_ bytes: UnsafeBufferPointer<UInt8>, _ isMark: UnsafeBufferPointer<Bool>) {
            var index = 0
            var before: UInt32 = 0
            while index < bytes.count {
                if bytes[index] < 0x80 {
                    let end = UTF8Bytes.endOfASCII(bytes, from: index)
                    scalars += end - index
                    (index, before) = (end, 0)
                    continue
                }
                let (scalar, length) = UTF8Bytes.scalar(bytes, index)
                index += length
                scalars += 1
                beyondASCII += 1
                // A lead byte and a continuation byte of UTF-8, each read as a Latin letter or sign.
                if (0x80...0xBF).contains(scalar), (0xC2...0xF4).contains(before) { latin += 1 }
                let place = Int(scalar) - Mojibake.firstIdeograph
                if place >= 0, place < isMark.count, isMark[place] { marks += 1 }
                // 锟斤拷 is two U+FFFD read by GBK's table.
                if scalar == 0xFFFD || scalar == 0x951F { lost += 1 }
                before = scalar
            }
        }
    }

    private static func mendLines(_ text: inout [UInt8], _ wrong: TextEncoding) -> Outcome {
        guard let encoder = TextEncoder(wrong) else { return .sound }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var isMended = false
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if !result.isEmpty || line.startIndex > 0 { result.append(0x0A) }
            let hasMore = line.contains { $0 >= 0x80 }
            if hasMore, let bytes = encoder.encode(Array(line)), !bytes.isEmpty, bytes.count < line.count,
                bytes.withUnsafeBufferPointer({ UTF8Bytes.firstFault($0) == nil })
            {
                result += bytes
                isMended = true
            } else {
                result += line
            }
        }
        guard isMended else { return .sound }
        text = result
        return .mended
    }
}
