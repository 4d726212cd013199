/// How well bytes fit a double-byte encoding.
struct PairTally {
    private(set) var pairs = 0
    /// Pairs that are characters everybody writes: the first level of ideographs, kana, hangul, punctuation.
    private(set) var common = 0
    /// Bytes that no character has.
    private(set) var broken = 0
    /// Pairs that only this language has: kana in the Japanese encodings, hangul in the Korean one.
    private var own = 0
    private let encoding: TextEncoding

    /// From 0 to 1; a broken byte counts as several rare pairs.
    var share: Double {
        guard pairs > 0, isLanguage else { return 0 }
        return Double(common) / Double(pairs + 4 * broken)
    }

    /// EUC-KR's hangul lie where GBK's ideographs do: it is Korean only when hardly anything lies beyond them.
    private var isLanguage: Bool {
        switch encoding {
        case .eucKR: pairs >= 12 && own * 100 >= pairs * 92
        case .eucJP, .shiftJIS: pairs >= 4 && own * 5 >= pairs
        default: true
        }
    }

    private enum Kind { case common, own, rare, broken }

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ encoding: TextEncoding, highBytesMax: Int) {
        self.encoding = encoding
        var index = 0
        while index < bytes.count, pairs < highBytesMax {
            let lead = bytes[index]
            guard lead >= 0x80 else {
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { return }
            let trail = bytes[index + 1]
            if encoding == .gb18030, (0x30...0x39).contains(trail), index + 3 < bytes.count, bytes[index + 2] >= 0x81 {
                pairs += 1
                index += 4
                continue
            }
            let kind = kind(lead, trail)
            if kind == .broken {
                broken += 1
                index += 1
                continue
            }
            pairs += 1
            if kind != .rare { common += 1 }
            if kind == .own { own += 1 }
            index += 2
        }
    }

    private func kind(_ lead: UInt8, _ trail: UInt8) -> Kind {
        guard lead >= 0x81, lead <= 0xFE, trail >= 0x40, trail != 0x7F, trail != 0xFF else { return .broken }
        switch encoding {
        case .gb18030:
            guard trail != 0x80 else { return .rare }
            let isCommon = trail >= 0xA1 && ((0xB0...0xD7).contains(lead) || lead == 0xA1 || lead == 0xA3)
            return isCommon ? .common : .rare
        case .big5:
            guard trail <= 0x7E || trail >= 0xA1 else { return .broken }
            return (0xA4...0xC6).contains(lead) || lead == 0xA1 ? .common : .rare
        case .eucKR:
            if trail >= 0xA1, (0xB0...0xC8).contains(lead) { return .own }
            return .rare
        case .eucJP:
            guard trail >= 0xA1, lead >= 0xA1 || lead == 0x8E else { return .broken }
            if lead == 0xA4 || lead == 0xA5 { return .own }
            return lead == 0xA1 || (0xB0...0xCF).contains(lead) ? .common : .rare
        default:
            guard trail <= 0xFC, lead <= 0x9F || (0xE0...0xFC).contains(lead) else {
                return (0xA1...0xDF).contains(lead) ? .rare : .broken
            }
            if lead == 0x82 && (0x9F...0xF1).contains(trail) || lead == 0x83 && trail <= 0x96 { return .own }
            return lead == 0x81 || (0x88...0x97).contains(lead) ? .common : .rare
        }
    }
}
