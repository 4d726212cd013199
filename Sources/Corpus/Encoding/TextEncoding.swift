/// How characters lie in bytes, by the name the C library's `iconv` knows.
package struct TextEncoding: Sendable, Equatable, CustomStringConvertible {
    package let name: String

    package static let utf8 = TextEncoding(name: "UTF-8")
    package static let utf16LittleEndian = TextEncoding(name: "UTF-16LE")
    package static let utf16BigEndian = TextEncoding(name: "UTF-16BE")
    /// Holds GBK and GB2312.
    package static let gb18030 = TextEncoding(name: "GB18030")
    package static let big5 = TextEncoding(name: "BIG5-HKSCS")
    package static let shiftJIS = TextEncoding(name: "CP932")
    package static let eucJP = TextEncoding(name: "EUC-JP")
    package static let eucKR = TextEncoding(name: "CP949")
    /// Holds Latin-1, as the web reads it.
    package static let windows1252 = TextEncoding(name: "CP1252")

    package var description: String { name }

    private init(name: String) { self.name = name }

    /// What a page, a header or a user calls it; nil for names that are not known.
    ///
    /// Names stand for the larger set of their family, as the WHATWG Encoding Standard has it: much that is called
    /// GB2312 is GBK.
    package init?(label: String) {
        let label = label.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        switch label {
        case "utf8", "unicode11utf8": self = .utf8
        case "utf16", "utf16le", "unicode", "ucs2": self = .utf16LittleEndian
        case "utf16be": self = .utf16BigEndian
        case "gb2312", "gbk", "gb18030", "gb", "cp936", "xgbk", "euccn", "chinese", "gb231280", "windows936":
            self = .gb18030
        case "big5", "big5hkscs", "cnbig5", "xxbig5", "cp950": self = .big5
        case "shiftjis", "sjis", "xsjis", "windows31j", "cp932", "mskanji": self = .shiftJIS
        case "eucjp", "xeucjp": self = .eucJP
        case "euckr", "ksc5601", "ksc56011987", "korean", "windows949", "cp949", "uhc": self = .eucKR
        case "iso88591", "latin1", "ascii", "usascii", "windows1252", "cp1252": self = .windows1252
        default:
            guard let single = Self.singleByte(label) else { return nil }
            self = single
        }
    }

    /// Encodings of one byte a character, of other alphabets than the western one.
    private static func singleByte(_ label: String) -> TextEncoding? {
        if label.hasPrefix("windows125") || label.hasPrefix("cp125"), let page = label.last, "01345678".contains(page) {
            return TextEncoding(name: "CP125\(page)")
        }
        if label.hasPrefix("iso8859"), let part = Int(label.dropFirst(7)), (2...16).contains(part), part != 12 {
            return TextEncoding(name: part == 9 ? "CP1254" : "ISO-8859-\(part)")
        }
        return ["koi8r": TextEncoding(name: "KOI8-R"), "koi8u": TextEncoding(name: "KOI8-U")][label]
    }

    /// Whether two bytes make a character of the East.
    var isDoubleByte: Bool { [.gb18030, .big5, .shiftJIS, .eucJP, .eucKR].contains(self) }

    /// Bytes at the beginning that say which encoding follows.
    static func byteOrderMark(_ bytes: UnsafeBufferPointer<UInt8>) -> (encoding: TextEncoding, count: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        if bytes.starts(with: [0x84, 0x31, 0x95, 0x33]) { return (.gb18030, 4) }
        return nil
    }
}
