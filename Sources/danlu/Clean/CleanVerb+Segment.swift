import ArgumentParser
import Foundation
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

        @Option(
            help: .init(
                Language.text(
                    zh: "按这个模型（--train 所得）修正词典的切分。", en: "Correct the dictionary's cuts by this model (of --train).")))
        var model: String?
        @Option(
            help: .init(
                Language.text(
                    zh: "用分好词的文本（一行一句，词间空格）训练，写入 --model。",
                    en: "Train on text whose words have spaces between them, a sentence a line; writes --model.")))
        var train: String?
        @Option(help: .init(Language.text(zh: "训练的遍数。", en: "Passes of the training.")))
        var passes = 8

        func validate() throws {
            guard train == nil || model != nil else {
                throw ValidationError(Language.text(zh: "--train 需要 --model。", en: "--train needs --model."))
            }
            guard (1...100).contains(passes) else {
                throw ValidationError(Language.text(zh: "--passes 为 1 到 100。", en: "--passes is 1 to 100."))
            }
        }

        func run() async throws {
            var segmenter = try ChineseSegmenter.shipped()
            if let train, let model { return try teach(segmenter, from: train, to: model) }
            if let model {
                segmenter = segmenter.corrected(by: try SegmentationTagger(contentsOf: URL(filePath: model)))
            }
            let simplified = simplify ? try SimplifiedChinese.shipped() : nil
            let between = Array(separator.utf8)
            try LineFilter.run { lines, output in
                guard let simplified else { return Self.cut(lines, segmenter, between, &output) }
                var bytes = Array(lines)
                simplified.convert(&bytes)
                bytes.withUnsafeBufferPointer { Self.cut($0, segmenter, between, &output) }
            }
        }

        private func teach(_ segmenter: ChineseSegmenter, from path: String, to model: String) throws {
            let text = try Data(contentsOf: URL(filePath: path))
            // Bytes that are not UTF-8 would be read as something else than what stands there.
            guard let valid = String(data: text, encoding: .utf8) else {
                throw ValidationError(Language.text(zh: "\(path) 不是 UTF-8。", en: "\(path) is not UTF-8."))
            }
            var trainer = TaggerTrainer(segmenter)
            var (lines, left) = (0, 0)
            Array(valid.utf8).withUnsafeBufferPointer { bytes in
                LineFilter.forEachLine(bytes) { line in
                    guard !line.isEmpty else { return }
                    if trainer.add(line) { lines += 1 } else { left += 1 }
                }
            }
            guard lines > 0 else {
                throw ValidationError(Language.text(zh: "\(path) 里没有句子。", en: "\(path) has no sentences."))
            }
            Terminal.note("\(lines) lines, \(trainer.signCount) signs, \(left) lines left out")
            let tagger = trainer.train(passes: passes) { pass, share in
                Terminal.note("\(pass)/\(passes): \((share * 10_000).rounded() / 100) %")
            }
            try tagger.write(to: URL(filePath: model))
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
