import ArgumentParser
import Languages

extension CleanVerb {
    /// `danlu clean segment`: Chinese lines cut into words.
    struct Segment: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(
                zh: "中文分词：读一行，写一行，词间加空格。",
                en: "Cut Chinese into words: a line in, a line out, spaces between words."),
            discussion: Language.text(zh: "例：", en: "Example: ")
                + "printf '我来到北京清华大学\\n' | danlu clean segment     我 来到 北京 清华大学")

        @Option(help: .init(Language.text(zh: "词间的记号。", en: "What is written between words.")))
        var separator = " "
        @Flag(help: .init(Language.text(zh: "先把繁体写作简体。", en: "Write traditional characters as simplified first.")))
        var simplify = false

        func run() async throws {
            let segmenter = try ChineseSegmenter.shipped()
            let simplified = simplify ? try SimplifiedChinese.shipped() : nil
            let between = Array(separator.utf8)
            try LineFilter.run { lines, output in
                guard let simplified else { return Self.cut(lines, segmenter, between, &output) }
                var bytes = Array(lines)
                simplified.convert(&bytes)
                bytes.withUnsafeBufferPointer { Self.cut($0, segmenter, between, &output) }
            }
        }

        /// Words that are white space are left out; line ends stay where they are.
        private static func cut(
            _ text: UnsafeBufferPointer<UInt8>, _ segmenter: ChineseSegmenter, _ between: [UInt8],
            _ output: inout [UInt8]
        ) {
            var isFirst = true
            segmenter.forEachWord(text) { word in
                let first = text[word.lowerBound]
                if first == 0x0A || first == 0x0D && word.count == 2 {
                    output.append(0x0A)
                    isFirst = true
                } else if !isSpace(text, word) {
                    if !isFirst { output += between }
                    output += text[word]
                    isFirst = false
                }
            }
        }

        private static func isSpace(_ text: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> Bool {
            switch word.count {
            case 1: text[word.lowerBound] <= 0x20
            // U+3000, the ideographic space.
            case 3: text[word.lowerBound] == 0xE3 && text[word].dropFirst().allSatisfy { $0 == 0x80 }
            default: false
            }
        }
    }
}
