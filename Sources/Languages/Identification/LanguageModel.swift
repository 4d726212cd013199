/// The shipped tables of n-grams: read once, checked before use.
///
/// The file: `DLID`, version (u8), tables (u8); for each table: script, features, bits, width, languages (u8 each),
/// scale (f32), for each language the length of its code (u8), the code, its bias (f32); then `width << bits` weights.
struct LanguageModel: Sendable {
    /// By raw value of `Script`; han and kana share one.
    let tables: [NGramTable?]
    /// Which block of sums a script's table has.
    let blocks: [Int]
    /// One for each table.
    let blockCount: Int

    static let magic = Array("DLID".utf8)
    static let version: UInt8 = 1
    static let bitsMax = 20

    init(_ bytes: [UInt8]) throws(LanguagesError) {
        var reader = ByteReader(bytes, name: "languages.bin")
        guard try reader.take(4).elementsEqual(Self.magic), try reader.byte() == Self.version else {
            throw .resourceBroken(name: "languages.bin", field: "magic", reason: "not DLID \(Self.version)")
        }
        var tables = [NGramTable?](repeating: nil, count: Script.allCases.count)
        for _ in 0..<(try reader.byte()) {
            let script = Int(try reader.byte())
            guard script < tables.count else { throw reader.broken("script", "\(script)") }
            tables[script] = try Self.table(&reader)
        }
        tables[Int(Script.kana.rawValue)] = tables[Int(Script.han.rawValue)]
        self.tables = tables
        self.blocks = tables.indices.map { script in tables[..<script].count { $0 != nil } }
        self.blockCount = tables.count { $0 != nil }
    }

    private static func table(_ reader: inout ByteReader) throws(LanguagesError) -> NGramTable {
        guard let features = NGramTable.Features(rawValue: try reader.byte()) else {
            throw reader.broken("features", "an unknown kind")
        }
        let bits = Int(try reader.byte())
        let width = Int(try reader.byte())
        let count = Int(try reader.byte())
        guard (1...bitsMax).contains(bits), [4, 16, 32].contains(width), (1...width).contains(count) else {
            throw reader.broken("shape", "\(bits) bits, width \(width), \(count) languages")
        }
        let scale = try reader.float()
        var languages: [WrittenLanguage] = []
        var biases: [Float] = []
        for _ in 0..<count {
            let code = String(decoding: try reader.take(Int(try reader.byte())), as: UTF8.self)
            guard let language = WrittenLanguage(rawValue: code) else { throw reader.broken("language", code) }
            languages.append(language)
            biases.append(try reader.float())
        }
        let weights = try reader.take(width << bits).map { $0 ^ 0x80 }
        return NGramTable(
            features: features, bits: bits, width: width, languages: languages, scale: scale, biases: biases,
            weights: weights)
    }
}
