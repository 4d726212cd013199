/// Reads gettext's catalogues: compiled (`.mo`) and as text (`.po`).
///
///     let catalogue = try MessageCatalogue.read(path: "zh_CN.mo")
///
/// Messages without a translation, fuzzy and obsolete ones are left out; of plurals the first form is taken.
package struct MessageCatalogue: Sendable {
    /// As the header says it: `zh_CN`.
    package var language: String?
    package var messages: [CatalogueMessage] = []

    private static let magic: [UInt8] = [0xDE, 0x12, 0x04, 0x95]

    /// - Throws: `CorpusError.cannotRead`, and `.passedOver` for a file that is no catalogue.
    package static func read(
        path: String, limits: CorpusLimits = CorpusLimits()
    ) throws(CorpusError) -> MessageCatalogue {
        var faults = FaultLog(file: path, faultsMax: limits.faultsMax)
        let bytes = try Decompression.open(try FileBytes(path: path), path: path, limits: limits)
        return try MessageCatalogue(try WholeFile.read(bytes, &faults, limits), file: path)
    }

    init(_ bytes: [UInt8], file: String) throws(CorpusError) {
        if bytes.starts(with: Self.magic) {
            self = try Self.compiled(bytes, isBigEndian: false, file)
        } else if bytes.starts(with: Self.magic.reversed()) {
            self = try Self.compiled(bytes, isBigEndian: true, file)
        } else {
            var parser = CatalogueText()
            self = parser.parse(LineRepair.decode(bytes, label: Page.charset(bytes)).text)
        }
        guard !messages.isEmpty else { throw .passedOver(file: file, place: "", reason: "it has no translations") }
    }

    init() {}

    /// Two tables of lengths and offsets, one for each language.
    private static func compiled(
        _ bytes: [UInt8], isBigEndian: Bool, _ file: String
    ) throws(CorpusError) -> MessageCatalogue {
        func number(_ offset: Int) -> Int? {
            guard offset >= 0, offset <= bytes.count - 4 else { return nil }
            let word = bytes[offset..<(offset + 4)]
            return (isBigEndian ? Array(word) : word.reversed()).reduce(0) { $0 << 8 | Int($1) }
        }
        func string(_ table: Int, _ index: Int) -> ArraySlice<UInt8>? {
            guard let length = number(table + 8 * index), let offset = number(table + 8 * index + 4),
                offset <= bytes.count, length <= bytes.count - offset
            else { return nil }
            return bytes[offset..<(offset + length)]
        }
        guard let count = number(8), let sources = number(12), let translations = number(16),
            count <= bytes.count / 16
        else { throw .passedOver(file: file, place: "", reason: "its tables do not fit into it") }
        var catalogue = MessageCatalogue()
        var label: String?
        for index in 0..<count {
            guard let source = string(sources, index), let translation = string(translations, index) else {
                throw .passedOver(file: file, place: "message \(index + 1)", reason: "it lies beyond the end")
            }
            if source.isEmpty {
                label = Page.charset(Array(translation))
                catalogue.language = header(String(decoding: translation, as: UTF8.self), "Language")
                continue
            }
            catalogue.add(source, translation, label)
        }
        return catalogue
    }

    private mutating func add(_ source: ArraySlice<UInt8>, _ translation: ArraySlice<UInt8>, _ label: String?) {
        var source = source
        var context: String?
        if let end = source.firstIndex(of: 0x04) {
            context = String(decoding: source[..<end], as: UTF8.self)
            source = source[(end + 1)...]
        }
        let first = translation.prefix { $0 != 0 }
        guard !first.isEmpty else { return }
        let encoding = label.flatMap(TextEncoding.init(label:))
        messages.append(
            CatalogueMessage(
                context: context, source: String(decoding: source.prefix { $0 != 0 }, as: UTF8.self),
                translation: String(
                    decoding: LineRepair.decode(Array(first), label: label, forced: encoding).text, as: UTF8.self)))
    }

    /// A line `Name: value` of the message whose source is empty.
    static func header(_ text: String, _ name: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
            let value = line.dropFirst(name.count + 1).trimmed
            return value.isEmpty ? nil : value
        }
        return nil
    }
}
