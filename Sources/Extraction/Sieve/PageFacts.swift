/// What a page says of itself outside its text: title, language, dates.
struct PageFacts {
    private(set) var language: String?
    private var title: String?
    private var openGraphTitle: String?
    /// By rank, lower is better.
    private var dates: [(rank: Int, text: String)] = []
    private static let datesMax = 64
    private static let valueBytesMax = 1000
    /// Bytes of a script for machines that are searched.
    private static let scriptBytesMax = 1 << 20

    /// Names under which pages give their day of publication, in the order of trust.
    private static let dateNames = [
        "article:published_time", "datepublished", "og:published_time", "publishdate", "pubdate", "publish_date",
        "publish-date", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "article:published",
        "parsely-pub-date", "sailthru.date", "weibo:article:create_at", "article.created", "date", "datecreated",
        "publication_date",
    ]

    private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
        CharacterReferences.decoded(String(decoding: bytes[range].prefix(Self.valueBytesMax), as: UTF8.self)).collapsed
    }

    mutating func add(title bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        if title == nil, !range.isEmpty { title = text(bytes, range) }
    }

    mutating func add(language bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        if language == nil, !range.isEmpty, range.count <= 35 { language = text(bytes, range) }
    }

    mutating func add(meta bytes: UnsafeBufferPointer<UInt8>, _ attributes: TagAttributes) {
        guard !attributes.content.isEmpty, !attributes.name.isEmpty, attributes.name.count <= 64 else { return }
        let name = String(decoding: bytes[attributes.name], as: UTF8.self).lowercased()
        if name == "og:title" {
            openGraphTitle = openGraphTitle ?? text(bytes, attributes.content)
        } else if name == "content-language" {
            language = language ?? text(bytes, attributes.content)
        } else if let rank = Self.dateNames.firstIndex(of: name) {
            add(date: text(bytes, attributes.content), rank: rank)
        }
    }

    mutating func add(time bytes: UnsafeBufferPointer<UInt8>, _ attributes: TagAttributes) {
        guard !attributes.datetime.isEmpty else { return }
        let isPublished = TagAttributes.isEqual(bytes, attributes.itemprop, "datepublished")
        add(date: text(bytes, attributes.datetime), rank: isPublished ? 1 : Self.dateNames.count)
    }

    /// JSON-LD: the dates alone, found without reading the whole.
    mutating func add(script bytes: UnsafeBufferPointer<UInt8>, _ attributes: TagAttributes, _ range: Range<Int>) {
        guard TagAttributes.isEqual(bytes, attributes.type, "application/ld+json"), range.count <= Self.scriptBytesMax
        else { return }
        let key = Array("\"datePublished\"".utf8)
        var index = range.lowerBound
        while index + key.count < range.upperBound {
            guard bytes[index] == key[0], bytes[index..<(index + key.count)].elementsEqual(key) else {
                index += 1
                continue
            }
            let value = bytes[(index + key.count)..<range.upperBound].drop { $0 <= 0x20 || $0 == UInt8(ascii: ":") }
            add(
                date: String(decoding: value.dropFirst().prefix { $0 != UInt8(ascii: "\"") }.prefix(40), as: UTF8.self),
                rank: 1)
            return
        }
    }

    private mutating func add(date text: String, rank: Int) {
        if dates.count < Self.datesMax, !text.isEmpty { dates.append((rank, text)) }
    }

    /// The day of publication: what the page tells machines, then a date that stands near the heading.
    func date(in tree: PageTree) -> String? {
        for (_, text) in dates.sorted(by: { $0.rank < $1.rank }) {
            if let day = CalendarDay.first(in: text) { return day }
        }
        return tree.dateNearHeading
    }

    /// The page's title without its site's name.
    func title(heading: String?) -> String? {
        let told = openGraphTitle ?? title
        guard let told, !told.isEmpty else { return heading }
        if let heading, heading.count > 3, told.contains(heading) { return heading }
        return PageTitle.withoutSite(told)
    }
}
