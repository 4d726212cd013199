import Corpus
import Foundation
import Testing

@Suite struct EncodingTests {
    static let chinese =
        "丹炉从一堆原始材料里洗出可以训练的语料。留下了什么，丢掉了什么，为什么，每一行从哪里来，都说得清楚；这样才敢用。"
    static let traditional =
        "這套系統把原始資料洗成可以訓練的語料。留下了什麼，丟掉了什麼，為什麼，每一行從哪裡來，都說得清楚；這樣才敢用。"
    static let japanese = "この道具は、原文をきれいにして、学習に使える文章だけを残します。なぜ捨てたのかも、すべて分かります。"
    static let korean = "이 도구는 원본 자료를 깨끗하게 하여 학습에 쓸 수 있는 글만 남깁니다. 왜 버렸는지도 모두 알 수 있습니다."
    static let western = "Les élèves étaient déjà là, près de l’église, où le café fut servi à côté du garçon."

    static func encoded(_ text: String, _ encoding: String) throws -> [UInt8] {
        try recoded(Array(text.utf8), from: "UTF-8", to: encoding)
    }

    static func recoded(_ bytes: [UInt8], from: String, to: String = "UTF-8") throws -> [UInt8] {
        let descriptor = try #require(iconv_open(to, from))
        defer { iconv_close(descriptor) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 4)
        let count = output.count
        let left = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var source = input.baseAddress
                var target = output.baseAddress
                var (sourceLeft, targetLeft) = (input.count, output.count)
                iconv(descriptor, &source, &sourceLeft, &target, &targetLeft)
                return targetLeft
            }
        }
        return output.prefix(count - left).map { UInt8(bitPattern: $0) }
    }

    static func decoded(_ bytes: [UInt8]) throws -> String {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (documents, _) = try RawReaderTests.read(folder.write("a.txt", bytes))
        return RawReaderTests.texts(documents).joined()
    }

    @Test(arguments: [
        ("UTF-8", chinese), ("GB18030", chinese), ("GBK", chinese), ("BIG5", traditional), ("UTF-16LE", chinese),
        ("UTF-16BE", chinese), ("UTF-16", chinese), ("UTF-16LE", western), ("UTF-16BE", western),
        ("SHIFT_JIS", japanese), ("EUC-JP", japanese), ("EUC-KR", korean), ("CP1252", western), ("UTF-8", western),
        ("GBK", "你好"), ("GBK", "abc 你好 def"), ("GB18030", "镕喆堃𠮷" + chinese),
    ])
    func encodingsAreFound(encoding: String, text: String) throws {
        #expect(try Self.decoded(Self.encoded(text, encoding)) == text, "\(encoding)")
    }

    /// Longer than one piece, so that characters lie across the border of two.
    @Test(arguments: ["GB18030", "UTF-16LE", "UTF-8"]) func longTextsAreStreamed(encoding: String) throws {
        let text = String(repeating: "a" + Self.chinese + "\n", count: 20_000)
        let joined = try Self.decoded(Self.encoded(text, encoding))
        #expect(joined.filter { $0 != "\n" } == text.filter { $0 != "\n" })
    }

    @Test func labelsAreBelievedOnlyWhereTheBytesAllow() throws {
        let cases: [(bytes: [UInt8], label: String?, TextEncoding)] = [
            (try Self.encoded(Self.chinese, "GBK"), "utf-8", .gb18030), (Array(Self.chinese.utf8), "gb2312", .utf8),
            (try Self.encoded(Self.chinese, "GBK"), "iso-8859-1", .gb18030),
            (try Self.encoded(Self.traditional, "BIG5"), "gb2312", .big5),
            (try Self.encoded(Self.western, "CP1252"), "utf-8", .windows1252),
            (try Self.encoded("中文", "BIG5"), "big5", .big5),
            (try Self.encoded("Привет, мир", "CP1251"), "windows-1251", try #require(TextEncoding(label: "cp1251"))),
            (Array("ascii".utf8), "gbk", .utf8), ([], nil, .utf8),
        ]
        for (bytes, label, expected) in cases {
            let found = bytes.withUnsafeBufferPointer { EncodingDetector.detect($0, label: label) }
            #expect(found == expected, "\(label ?? "")")
        }
    }

    @Test func linesOfAnotherEncodingAreMended() throws {
        let bytes = Array("\(Self.chinese)\n".utf8) + (try Self.encoded(Self.chinese, "GBK")) + Array("\nend".utf8)
        let mixed = Array(String(repeating: Self.chinese + "\n", count: 60).utf8) + bytes
        #expect(try Self.decoded(mixed).hasSuffix("\(Self.chinese)\n\(Self.chinese)\nend"))
    }

    @Test func mojibakeIsMendedOrDropped() throws {
        let latin = String(decoding: Array(Self.chinese.utf8).map(UInt16.init), as: UTF16.self)
        #expect(try Self.decoded(Array(latin.utf8)) == Self.chinese)
        // Bytes in twos: what GBK's table makes of a line of an odd number of them is lost.
        let even = "训练的语料，清楚的说"
        let wrong = try Self.recoded(Array(even.utf8), from: "GB18030")
        #expect(try Self.decoded(wrong) == even)
        #expect(try Self.decoded(Array("锟斤拷锟斤拷烫烫烫锟斤拷锟斤拷".utf8)) == "")
        for sound in [Self.chinese, Self.traditional, Self.western, Self.japanese, "naïve café — “quoted” £5 ½"] {
            var text = Array(sound.utf8)
            #expect(Mojibake.mend(&text) == .sound && text == Array(sound.utf8))
        }
    }

    /// Bytes of no encoding never come out as anything but UTF-8, and nothing traps.
    @Test func anyBytesBecomeText() throws {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
        var state = seed
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        for round in 0..<200 {
            let bytes = (0..<Int(random()) * 3).map { _ in round % 2 == 0 ? random() : random() | 0x80 }
            let text = try Self.decoded(bytes)
            #expect(text.utf8.count >= 0, "seed \(seed)")
        }
    }
}
