/// Lines that pages put around and between texts: who wrote it and when, whose picture it is, what else to read.
///
/// They are told by their first words, in English and Chinese, and by their shortness: longer lines are about
/// something.
enum Furniture {
    /// Bytes of a line that may be one.
    private static let bytesMax = 240
    /// Words of a heading over other pages.
    private static let headingBytesMax = 48

    /// “By Jane Doe”, “Updated 9:41 AM”, “作者：…”.
    private static let bylines = Openings([
        "by ", "posted by", "posted on", "posted:", "published", "publish date", "updated", "last updated", "author:",
        "written by", "reporting by", "editing by", "date:", "source:", "作者", "来源", "时间", "发布于", "发布时间", "发表于", "编辑",
        "出处", "字号", "浏览", "稿源", "记者", "分享到", "分享至", "标签", "关键字", "关键词", "当前位置", "您的位置", "您当前的位置", "原标题",
        "責任編輯", "责任编辑", "责编", "文章来源", "本文来源", "点击数", "阅读数", "阅读量",
    ])
    /// “Read more: …”, “相关阅读：…”.
    private static let pointers = Openings([
        "read more", "read also", "related:", "related post", "related story", "related article", "also read",
        "also on ", "watch:", "watch now", "watch live", "click here", "more:", "more on this", "sign up", "subscribe",
        "follow us", "advertisement", "advertising", "advert", "you may also", "延伸阅读", "相关阅读", "相关新闻", "相关链接", "推荐阅读",
        "更多阅读", "更多新闻", "更多精彩", "点击进入", "点击查看", "点击这里", "查看更多", "扫描", "扫一扫", "微信扫", "关注微信", "广告", "责任编辑",
    ])
    /// Pictures say whose they are.
    private static let credits = [
        "(image:", "(photo", "image credit", "photo credit", "photo by", "photo:", "getty images", "/getty", "/reuters",
        "file photo", "图源", "供图", "摄）", "图片来源", "资料图", "图为",
    ].map { Array($0.utf8) }
    /// Over lists of other pages, and over what readers wrote.
    private static let closings = Openings([
        "related", "you may also like", "you might also like", "more from", "more on", "more stories", "more news",
        "read next", "up next", "recommended", "trending", "most popular", "most read", "most viewed", "popular",
        "sponsored", "from our advertisers", "from our partners", "latest news", "latest stories", "recent articles",
        "recent posts", "recent stories", "recent comments", "comments", "leave a comment", "leave a reply",
        "post a comment", "join the conversation", "join the discussion", "share this", "about the author",
        "about the writer", "editors' picks", "editor's picks", "today on", "around the web", "newsletter",
        "send feedback", "相关推荐", "相关阅读", "相关新闻", "相关文章", "相关稿件", "相关报道", "相關文章", "为你推荐", "为您推荐", "推荐阅读",
        "推荐文章", "热门评论", "热门推荐", "热门文章", "热门新闻", "热点", "热门", "猜你喜欢", "最新文章", "最新评论", "最新新闻", "网友评论",
        "全部评论", "评论列表", "留言列表", "发表评论", "我要评论", "文章评论", "延伸阅读", "上一篇", "下一篇", "精彩推荐", "编辑推荐", "换一换",
        "大家都在看", "文章价值", "观察员", "作者简介", "关于作者", "分享到", "图片新闻",
    ])

    static func isByline(_ text: ArraySlice<UInt8>) -> Bool {
        text.count <= bytesMax
            && (bylines.begin(text) || text.count <= headingBytesMax * 2 && CalendarDay.first(in: text) != nil)
    }

    static func isPointer(_ text: ArraySlice<UInt8>) -> Bool { text.count <= bytesMax && pointers.begin(text) }

    static func isCredit(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= bytesMax else { return false }
        let lower = text.map(Openings.lower)
        return credits.contains { ByteSearch.contains(lower, $0) }
    }

    static func isClosing(_ text: ArraySlice<UInt8>) -> Bool { text.count <= headingBytesMax && closings.begin(text) }

    /// Markup that was escaped by mistake: `<img height="1" …>`.
    static func isMarkup(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "<"), text.last == UInt8(ascii: ">"), let second = text.dropFirst().first
        else { return false }
        return PageSieve.isLetter(second) && ByteSearch.contains(text, Array("=\"".utf8))
    }
}
