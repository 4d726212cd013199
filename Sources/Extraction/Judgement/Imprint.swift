/// What pages say at their end about rights, editors and browsers.
enum Imprint {
    private static let phrases = [
        "版权所有", "版权说明", "版权声明", "版权保护", "版权归", "禁止转载", "转载请", "转载自", "违者必究", "责任编辑", "责编：",
        "概不负责", "浏览器", "免责声明", "举报电话", "ICP备", "All rights reserved", "all rights reserved", "All Rights Reserved",
        "Copyright ©", "© 20", "© 19", "may not be published", "may not be reproduced", "without permission",
        "Follow us on", "Sign up for", "Subscribe to", "uses cookies", "Follow @", "im on Twitter", "er on Twitter",
        "us on Twitter", "us on Facebook",
        "Have your say", "Share this", "share it with", "your inbox", "our newsletter", "Like us on", "affiliate link",
        "may be reached at", "can be reached at", "contributed to this report", "原标题", "二维码", "扫一扫", "微信公众号", "特别声明",
        "仅代表作者", "不代表本", "不构成", "本文来自", "本文来源",
    ].map { Array($0.utf8) }
    /// Longer paragraphs are about something.
    private static let bytesMax = 900

    static func isLike(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= bytesMax else { return false }
        return phrases.contains { ByteSearch.contains(text, $0) }
    }
}
