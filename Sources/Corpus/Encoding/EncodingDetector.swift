/// Finds out how text is encoded from the bytes themselves, and only then from what is said about them.
///
///     let encoding = EncodingDetector.detect(bytes, label: "gb2312")
///
/// A byte order mark decides; then whether the bytes are UTF-8, which no other encoding is by chance; then the pattern
/// of UTF-16; then which double-byte encoding turns most pairs into characters that are common in its language. Labels
/// lie often enough (pages that say UTF-8 and are GBK, that say Latin-1 and are UTF-8), so one counts only where the
/// bytes allow it.
package enum EncodingDetector {
    /// Bytes above 0x7F that are looked at; more do not change the answer.
    private static let highBytesMax = 20_000
    /// A double-byte encoding is believed when at least this share of its pairs is common. GBK text has 0.95 and more,
    /// Big5 text read as GBK about 0.3, western text next to none.
    static let commonShareMin = 0.5
    /// Pairs below which a reading by statistics is a guess that a label overrules.
    private static let pairsMin = 20
    /// Broken bytes for each sound sequence that UTF-8 may have and still be UTF-8, with damage or with lines of
    /// another encoding. GBK read as UTF-8 has about ten.
    private static let brokenShareMax = 0.5

    package static func detect(_ bytes: UnsafeBufferPointer<UInt8>, label: String? = nil) -> TextEncoding {
        if let mark = TextEncoding.byteOrderMark(bytes) { return mark.encoding }
        let labelled = label.flatMap(TextEncoding.init(label:))
        if let encoding = utf16(bytes, labelled) { return encoding }
        let utf8 = UTF8Bytes.tally(bytes)
        if utf8.broken == 0 { return utf8.multibyte == 0 && isAlone(labelled) ? labelled ?? .utf8 : .utf8 }
        if Double(utf8.broken) <= brokenShareMax * Double(utf8.multibyte) { return .utf8 }
        let best = doubleByte(bytes)
        if let labelled, labelled != .utf8, !isAlone(labelled) {
            if labelled.isDoubleByte {
                let tally = PairTally(bytes, labelled, highBytesMax: highBytesMax)
                if tally.share >= (best?.share ?? 0) - 0.1, tally.broken * 50 <= tally.pairs { return labelled }
            } else if best.map({ $0.pairs < pairsMin || $0.share < 0.9 }) ?? true, labelled != .windows1252 {
                return labelled
            }
        }
        return best?.encoding ?? .windows1252
    }

    /// Whether a label has no part in bytes that are all ASCII: UTF-16 would have shown itself.
    private static func isAlone(_ label: TextEncoding?) -> Bool {
        label == .utf16LittleEndian || label == .utf16BigEndian
    }

    /// UTF-16 without a mark: every second byte is zero or of the ideographs' rows.
    private static func utf16(_ bytes: UnsafeBufferPointer<UInt8>, _ label: TextEncoding?) -> TextEncoding? {
        let pairs = min(bytes.count, 8192) / 2
        guard pairs >= 2 else { return nil }
        var (zeroEven, zeroOdd, rowEven, rowOdd, kanaLeads) = (0, 0, 0, 0, 0)
        for pair in 0..<pairs {
            let (even, odd) = (bytes[2 * pair], bytes[2 * pair + 1])
            if even == 0 { zeroEven += 1 }
            if odd == 0 { zeroOdd += 1 }
            if isRow(even) { rowEven += 1 }
            if isRow(odd) { rowOdd += 1 }
            if (0x81...0x84).contains(even) { kanaLeads += 1 }
        }
        // Latin text has a zero in nearly every pair, always on the same side.
        if zeroOdd * 5 > pairs, zeroEven * 50 <= zeroOdd { return .utf16LittleEndian }
        if zeroEven * 5 > pairs, zeroOdd * 50 <= zeroEven { return .utf16BigEndian }
        // Chinese text has few zeros but high bytes from 4E to 9F; ASCII lies there too, so both sides are compared,
        // and so do the leads of Shift JIS's kana.
        guard pairs >= 16 || isAlone(label) else { return nil }
        if rowOdd * 10 >= pairs * 9, rowEven * 10 < pairs * 6, (rowOdd - rowEven) * 4 > pairs {
            return looksASCII(bytes) ? nil : .utf16LittleEndian
        }
        if rowEven * 10 >= pairs * 9, rowOdd * 10 < pairs * 6, (rowEven - rowOdd) * 4 > pairs, kanaLeads * 5 < pairs * 2
        {
            return looksASCII(bytes) ? nil : .utf16BigEndian
        }
        return nil
    }

    private static func isRow(_ byte: UInt8) -> Bool {
        (0x4E...0x9F).contains(byte) || byte == 0x30 || byte == 0xFF || byte == 0
    }

    private static func looksASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.prefix(4096).allSatisfy { $0 < 0x80 && ($0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09) }
    }

    private static func doubleByte(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> (encoding: TextEncoding, share: Double, pairs: Int)? {
        var best: (encoding: TextEncoding, share: Double, pairs: Int)?
        // In order of what is likely: a later one must be clearly better.
        for encoding in [TextEncoding.eucKR, .gb18030, .big5, .eucJP, .shiftJIS] {
            let tally = PairTally(bytes, encoding, highBytesMax: highBytesMax)
            guard tally.pairs > 0, tally.share >= commonShareMin, tally.share > (best?.share ?? 0) + 0.02 else {
                continue
            }
            best = (encoding, tally.share, tally.pairs)
        }
        return best
    }
}
