import CGumbo

/// The elements that matter for the shape of a text; every other one is left out by the sieve.
enum PageTag: UInt8, CaseIterable {
    case text, root, division, paragraph, heading1, heading2, heading3, heading4, heading5, heading6
    case section, article, main, header, footer, navigation, aside, address, quote, preformatted
    case unorderedList, orderedList, item, definitions, term, definition
    case table, caption, tableHead, tableBody, tableFoot, row, cell, headerCell
    case figure, figureCaption, form, fieldset, details, summary, center, rule

    /// As HTML calls it; empty for what is no element.
    var name: StaticString {
        switch self {
        case .text, .root: ""
        case .division: "div"
        case .paragraph: "p"
        case .heading1: "h1"
        case .heading2: "h2"
        case .heading3: "h3"
        case .heading4: "h4"
        case .heading5: "h5"
        case .heading6: "h6"
        case .section: "section"
        case .article: "article"
        case .main: "main"
        case .header: "header"
        case .footer: "footer"
        case .navigation: "nav"
        case .aside: "aside"
        case .address: "address"
        case .quote: "blockquote"
        case .preformatted: "pre"
        case .unorderedList: "ul"
        case .orderedList: "ol"
        case .item: "li"
        case .definitions: "dl"
        case .term: "dt"
        case .definition: "dd"
        case .table: "table"
        case .caption: "caption"
        case .tableHead: "thead"
        case .tableBody: "tbody"
        case .tableFoot: "tfoot"
        case .row: "tr"
        case .cell: "td"
        case .headerCell: "th"
        case .figure: "figure"
        case .figureCaption: "figcaption"
        case .form: "form"
        case .fieldset: "fieldset"
        case .details: "details"
        case .summary: "summary"
        case .center: "center"
        case .rule: "hr"
        }
    }

    /// 1 to 6 for headings, 0 for others.
    var headingLevel: Int {
        (Self.heading1.rawValue...Self.heading6.rawValue).contains(rawValue)
            ? Int(rawValue - Self.heading1.rawValue) + 1 : 0
    }

    /// Whether HTML closes the element by itself when its like begins, so that it cannot nest without another between.
    var endsByItself: Bool {
        switch self {
        case .paragraph, .item, .term, .definition, .row, .cell, .headerCell, .tableHead, .tableBody, .tableFoot,
            .caption, .rule, .heading1, .heading2, .heading3, .heading4, .heading5, .heading6:
            true
        default: false
        }
    }

    /// Whether an id says what the element is for in the page rather than what its words are about.
    var isNamedForItsPart: Bool {
        switch self {
        case .section, .paragraph, .item, .term, .definition, .cell, .headerCell, .row: false
        default: headingLevel == 0
        }
    }

    /// Whether it is a part of a list or a table.
    var isListed: Bool { self == .item || self == .term || self == .definition || isCell }

    /// Whether it is there to hold such parts.
    var holdsListed: Bool {
        switch self {
        case .unorderedList, .orderedList, .definitions, .table, .tableHead, .tableBody, .tableFoot, .row: true
        default: false
        }
    }

    var isCell: Bool { self == .cell || self == .headerCell }

    /// By Gumbo's number; what it inserts itself (html, head, body, colgroup) counts as division or root.
    static let ofGumbo: [PageTag] = {
        var table = [PageTag](repeating: .division, count: Int(GUMBO_TAG_LAST.rawValue) + 1)
        for tag in allCases where tag.name.utf8CodeUnitCount > 0 {
            tag.name.withUTF8Buffer { name in
                name.withMemoryRebound(to: CChar.self) { name in
                    table[Int(gumbo_tagn_enum(name.baseAddress, UInt32(name.count)).rawValue)] = tag
                }
            }
        }
        return table
    }()
}
