import Alignment
import Foundation
import Testing

@Suite struct FileAlignmentTests {
    static let pairs: [(zh: String, en: String)] = [
        ("早上好，你睡得好吗？", "Good morning, did you sleep well?"), ("不好，外面整夜都在下雨。", "No, it was raining outside all night."),
        ("我们必须在中午之前到达火车站。", "We must reach the railway station before noon."), ("你的护照在哪里？", "Where is your passport?"),
        ("在桌子上，就在钥匙旁边。", "On the table, right beside the keys."), ("我父亲曾经是一名医生。", "My father was once a doctor."),
        ("他在一家小医院工作了三十年。", "He worked in a small hospital for thirty years."),
        ("这座桥是1937年建造的。", "This bridge was built in 1937."),
        ("警察正在寻找那辆红色的汽车。", "The police are looking for the red car."), ("请不要告诉我母亲。", "Please do not tell my mother."),
        ("图书馆星期天不开门。", "The library is closed on Sunday."), ("我想买两张去上海的票。", "I want to buy two tickets to Shanghai."),
        ("天气预报说明天会下雪。", "The weather forecast says it will snow tomorrow."), ("这本书太贵了。", "This book is too expensive."),
        ("孩子们在花园里玩。", "The children are playing in the garden."), ("谁打破了窗户？", "Who broke the window?"),
        ("昨天晚上我梦见了大海。", "Last night I dreamed of the sea."), ("咖啡还是茶？", "Coffee or tea?"),
        ("老师解释了这个困难的问题。", "The teacher explained the difficult question."),
        ("我们的船在黎明离开港口。", "Our ship leaves the harbour at dawn."),
        ("音乐停了，大家都沉默了。", "The music stopped and everyone was silent."), ("给我一杯水。", "Give me a glass of water."),
        ("战争结束后他回到了家乡。", "After the war he returned to his home town."), ("再见，一路平安。", "Goodbye, have a safe journey."),
    ]

    /// Subtitles with the pairs' texts: `rate` and `offset` are their clock, `skip` what they do not have.
    static func subtitles(_ texts: [String], rate: Double = 1, offset: Int = 0, skip: Set<Int> = []) -> String {
        var text = "1\n00:00:00,100 --> 00:00:00,900\n字幕组招募翻译 www.example.com\n\n"
        for (number, line) in texts.enumerated() where !skip.contains(number) {
            let start = Int(Double(2000 + 3000 * number) * rate) + offset
            text += "\(number + 2)\n\(time(start)) --> \(time(start + 2400))\n- \(line)\n\n"
        }
        return text
    }

    static func time(_ milliseconds: Int) -> String {
        let parts = [milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60].map {
            ($0 < 10 ? "0" : "") + "\($0)"
        }
        return parts.joined(separator: ":") + "," + String("00\(milliseconds % 1000)".suffix(3))
    }

    func align(_ first: String, _ second: String?, ending: String) throws -> AlignmentReport {
        let folder = FileManager.default.temporaryDirectory.appending(path: "align-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = [("a.", first), ("b.", second)].map { name, text -> String? in
            text.map { text in
                let path = folder.appending(path: name + ending).path
                _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
                return path
            }
        }
        return try FileAlignment().align(try #require(paths[0]), paths[1])
    }

    /// How many of the report's pairs are of the list, joined ones being of none.
    func right(_ report: AlignmentReport) -> Int {
        report.pairs.count { pair in Self.pairs.contains { $0.zh == pair.first && $0.en == pair.second } }
    }

    @Test(arguments: [(1.0, 0), (25.0 / 23.976, 0), (1.0, 41_500)])
    func alignsSubtitlesWhateverTheirClocks(rate: Double, offset: Int) throws {
        let report = try align(
            Self.subtitles(Self.pairs.map(\.zh), skip: [3, 17]),
            Self.subtitles(Self.pairs.map(\.en), rate: rate, offset: offset, skip: [8]), ending: "srt")
        #expect(report.firstLanguage == .zh && report.secondLanguage == .en)
        // The advertisement is no item.
        #expect(report.firstItems == 22 && report.secondItems == 23)
        #expect(right(report) >= 19, "\(report.pairs)")
        #expect(right(report) >= report.pairs.count - 1, "\(report.pairs)")
    }

    @Test func joinsWhatOneSideSaysInTwo() throws {
        var english = Self.pairs.map(\.en)
        english[6] = "He worked in a small hospital"
        english.insert("for thirty long years.", at: 7)
        let report = try align(
            Self.pairs.map(\.zh).joined(separator: "\n"), english.joined(separator: "\n"), ending: "txt")
        #expect(right(report) >= 21)
        #expect(report.pairs.contains { $0.first == Self.pairs[6].zh && $0.secondCount == 2 })
    }

    @Test func takesTwoLanguagesFromOneCue() throws {
        let report = try align(Self.subtitles(Self.pairs.map { "\($0.zh)\n\($0.en)" }), nil, ending: "srt")
        #expect(right(report) >= Self.pairs.count - 1)
    }

    @Test func doubtsMessagesWhoseTranslationsWereMixedUp() throws {
        let entries = Self.pairs.indices.map { number in
            // The last third belongs to other messages.
            let other = number < 16 ? number : (number + 3 < 24 ? number + 3 : number - 5)
            return "msgid \"\(Self.pairs[number].en)\"\nmsgstr \"\(Self.pairs[other].zh)\"\n"
        }
        let header = "msgid \"\"\nmsgstr \"Language: zh_CN\\nContent-Type: text/plain; charset=UTF-8\\n\"\n\n"
        let report = try align(header + entries.joined(separator: "\n"), nil, ending: "po")
        let right = report.pairs.count { pair in Self.pairs.contains { $0.en == pair.first && $0.zh == pair.second } }
        #expect(right >= 15)
        #expect(report.pairs.count - right <= 2, "\(report.pairs)")
    }

    @Test func saysWhatItCannotAlign() throws {
        #expect(throws: AlignmentError.self) { try FileAlignment().align("a.srt", "b.po") }
        #expect(throws: AlignmentError.secondMissing(path: "a.txt")) { try FileAlignment().align("a.txt", nil) }
        #expect(throws: AlignmentError.self) { try FileAlignment().align("/nowhere/a.srt", "/nowhere/b.srt") }
    }
}
