/// What the sieve does with a tag.
enum TagAction {
    /// Left out; its text stays. Every inline element, and whatever is not known.
    case ignore
    /// Left out with all that is in it.
    case skip
    case block(PageTag)
    case lineBreak
    case link
    case title
    case meta
    case html
    case time
    /// `<script>`, which may hold what the page says of itself to machines.
    case script

    /// By the first eight bytes of the name in lower case, which tell all of these apart.
    private static let table: WordTable<TagAction> = {
        var table: [UInt64: TagAction] = [:]
        func set(_ names: String, _ action: TagAction) {
            for name in names.split(separator: " ") { table[key(Array(name.utf8))] = action }
        }
        // Controls and pictures have words, but none that are the text's.
        set(
            "style noscript template svg math iframe object applet canvas video audio select datalist textarea button "
                + "map frameset noframes xml dialog", .skip)
        for tag in PageTag.allCases where tag.name.utf8CodeUnitCount > 0 { set("\(tag.name)", .block(tag)) }
        set("dir menu", .block(.unorderedList))
        set("listing xmp", .block(.preformatted))
        set("br", .lineBreak)
        set("a", .link)
        set("title", .title)
        set("meta", .meta)
        set("html", .html)
        set("time", .time)
        set("script", .script)
        return WordTable(table.map { ($0.key, $0.value) })
    }()

    static func of(_ key: UInt64) -> TagAction { key == 0 ? .ignore : table[key] ?? .ignore }

    private static func key(_ name: [UInt8]) -> UInt64 {
        name.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
