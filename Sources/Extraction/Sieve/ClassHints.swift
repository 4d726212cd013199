/// What the class, id and role of an element say about its part in the page.
struct ClassHints: OptionSet {
    let rawValue: UInt8

    /// Called content, article, post.
    static let isContent = ClassHints(rawValue: 1)
    /// Called menu, sidebar, share, related.
    static let isBoilerplate = ClassHints(rawValue: 2)
    /// Called comments.
    static let isComment = ClassHints(rawValue: 4)
    /// Not shown to readers.
    static let isHidden = ClassHints(rawValue: 8)
    /// Said to machines to be the text itself: `itemprop="articleBody"`, `role="main"`.
    static let isMain = ClassHints(rawValue: 16)
    /// A section of a document, as DocBook, Sphinx and pandoc mark it.
    static let isSection = ClassHints(rawValue: 32)

    /// Whole words between hyphens, underscores, digits and capitals.
    private static let boilerplateWords = [
        "ad", "ads", "advert", "adverts", "advertisement", "advertising", "adsense", "sponsor", "sponsored", "promo",
        "promotion", "banner", "nav", "navbar", "navi", "navigation", "navheader", "navfooter", "menu", "submenu",
        "breadcrumb", "breadcrumbs", "crumb", "crumbs", "sidebar", "sidenav", "rail", "foot", "footer", "masthead",
        "toolbar",
        "share", "sharing", "social", "sns", "related", "recommend", "recommended", "recommendation",
        "recommendations", "newsletter", "subscribe", "subscription", "signup", "login", "signin", "register", "popup",
        "modal", "overlay", "cookie", "cookies", "consent", "gdpr", "pagination", "pager", "paging", "pagenav",
        "copyright", "disclaim", "disclaimer", "toc", "tags", "tagcloud", "widget", "teaser", "teasers", "outbrain",
        "taboola",
        "skip", "skiplink", "search", "searchbox", "bookmark", "print", "printfriendly", "rating", "vote",
        "noprint", "editsection", "catlinks", "mostread", "popular", "trending", "hot", "headerlink", "sphinxsidebar",
        "linklist", "topnav", "bottomnav", "topbar", "bottombar", "shareline", "tool", "tools", "qrcode", "download",
        "credit", "credits", "caption", "captions", "recirc", "mustread", "mustreads", "readmore", "more", "next",
        "prev", "previous", "follow", "author", "authors", "authorbox", "bio", "biography", "byline", "dateline",
        "timestamp", "trending", "latest", "recent", "feedback", "disclosure", "affiliate", "player", "upnext",
        "recirculation", "fenxiang", "tuijian", "xiangguan", "guanggao", "daohang", "remen", "hatnote",
    ]
    /// Within longer words too.
    private static let boilerplateParts = [
        "sidebar", "breadcrumb", "newsletter", "sharebar", "sharetool", "socialmedia", "recommend", "advertis",
        "sponsor",
        "navigat", "pagination", "navbar", "cookie", "relatedart", "relatednews", "relatedpost", "googlead",
    ].map { Array($0.utf8) }
    private static let commentWords = [
        "comment", "comments", "commentlist", "disqus", "reply", "replies", "respond", "pinglun", "liuyan", "guestbook",
        "discussion", "commentary", "livefyre",
    ]
    private static let contentWords = [
        "article", "content", "contents", "post", "entry", "story", "text", "body", "main", "page", "paragraph",
        "articlebody", "articletext", "maincontent", "postbody", "hentry", "blog", "news", "detail", "zhengwen",
        "neirong", "wenzhang", "artibody", "rich", "markdown", "document", "chapter", "section", "prose", "cnt",
    ]
    private static let sectionWords = ["section", "sect", "chapter", "level"]
    private static let bytesMax = 256

    /// What words say, by their hashes.
    private static let words: WordTable<ClassHints> = {
        var hints: [UInt64: ClassHints] = [:]
        for (words, hint) in [
            (boilerplateWords, ClassHints.isBoilerplate), (commentWords, .isComment), (contentWords, .isContent),
            (sectionWords, .isSection),
        ] {
            for word in words { hints[WordHash.of(word), default: []].insert(hint) }
        }
        return WordTable(hints.map { ($0.key, $0.value) })
    }()

    /// `boilerplateParts` by their first letters.
    private static let partsByLetter: [[[UInt8]]] = {
        var parts: [[[UInt8]]] = Array(repeating: [], count: 256)
        for part in boilerplateParts { parts[Int(part[0])].append(part) }
        return parts
    }()

    /// Reads names such as `post-content relatedArticles`.
    static func of(names: some Sequence<UInt8>) -> ClassHints {
        var hints: ClassHints = []
        var word = WordHash()
        var letters = 0
        var whole: [UInt8] = []
        whole.reserveCapacity(64)
        var isAfterLower = false
        func finish() {
            if letters > 1, let found = words[word.value] { hints.formUnion(found) }
            (word, letters) = (WordHash(), 0)
        }
        for byte in names.prefix(bytesMax) {
            let isUpper = byte >= 0x41 && byte <= 0x5A
            let lower = isUpper ? byte | 0x20 : byte
            let isLetter = lower >= 0x61 && lower <= 0x7A
            if letters > 0, !isLetter || isUpper && isAfterLower { finish() }
            if isLetter {
                word.add(lower)
                letters += 1
            }
            whole.append(lower)
            isAfterLower = isLetter && !isUpper
        }
        finish()
        if !hints.contains(.isBoilerplate), holdsPart(whole) { hints.insert(.isBoilerplate) }
        return hints
    }

    private static func holdsPart(_ whole: [UInt8]) -> Bool {
        whole.withUnsafeBufferPointer { whole in
            for index in whole.indices {
                for part in partsByLetter[Int(whole[index])]
                where part.count <= whole.count - index
                    && part.indices.allSatisfy({ whole[index + $0] == part[$0] })
                {
                    return true
                }
            }
            return false
        }
    }

    /// Landmarks of WAI-ARIA.
    static func of(role: String) -> ClassHints {
        switch role.lowercased() {
        case "navigation", "banner", "complementary", "contentinfo", "search", "dialog", "alertdialog", "menu",
            "menubar", "toolbar", "tablist":
            .isBoilerplate
        case "main", "article": .isMain
        default: []
        }
    }
}
