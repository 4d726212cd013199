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
    private static let boilerplateWords: Set<String> = [
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
    private static let commentWords: Set<String> = [
        "comment", "comments", "commentlist", "disqus", "reply", "replies", "respond", "pinglun", "liuyan", "guestbook",
        "discussion", "commentary", "livefyre",
    ]
    private static let contentWords: Set<String> = [
        "article", "content", "contents", "post", "entry", "story", "text", "body", "main", "page", "paragraph",
        "articlebody", "articletext", "maincontent", "postbody", "hentry", "blog", "news", "detail", "zhengwen",
        "neirong", "wenzhang", "artibody", "rich", "markdown", "document", "chapter", "section", "prose", "cnt",
    ]
    private static let sectionWords: Set<String> = ["section", "sect", "chapter", "level"]
    private static let bytesMax = 256

    /// Reads names such as `post-content relatedArticles`.
    static func of(names: some Sequence<UInt8>) -> ClassHints {
        var hints: ClassHints = []
        var word: [UInt8] = []
        var whole: [UInt8] = []
        var isAfterLower = false
        func finish() {
            defer { word.removeAll(keepingCapacity: true) }
            guard word.count > 1 else { return }
            let text = String(decoding: word, as: UTF8.self)
            if boilerplateWords.contains(text) { hints.insert(.isBoilerplate) }
            if commentWords.contains(text) { hints.insert(.isComment) }
            if contentWords.contains(text) { hints.insert(.isContent) }
            if sectionWords.contains(text) { hints.insert(.isSection) }
        }
        for byte in names.prefix(bytesMax) {
            let isUpper = byte >= 0x41 && byte <= 0x5A
            let lower = isUpper ? byte | 0x20 : byte
            let isLetter = lower >= 0x61 && lower <= 0x7A
            if !isLetter || isUpper && isAfterLower { finish() }
            if isLetter { word.append(lower) }
            whole.append(lower)
            isAfterLower = isLetter && !isUpper
        }
        finish()
        if !hints.contains(.isBoilerplate), boilerplateParts.contains(where: { ByteSearch.contains(whole, $0) }) {
            hints.insert(.isBoilerplate)
        }
        return hints
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
