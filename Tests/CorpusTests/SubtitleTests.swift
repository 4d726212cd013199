import Corpus
import Testing

@Suite struct SubtitleTests {
    static let subRip = """
        1
        00:00:01,000 --> 00:00:02,500
        <i>Hello</i>, {\\an8}world
        你好，世界

        2
        00:00:03,5 --> 00:01:04,250 X1:1
        a < b

        broken --> 00:00:09,000
        lost
        3
        01:00:00,000 --> 01:00:01,000
        last
        """

    @Test func subRipIsRead() {
        let cues = Subtitles.cues(Array(Self.subRip.replacing("\n", with: "\r\n").utf8))
        #expect(
            cues == [
                SubtitleCue(start: 1000, end: 2500, lines: ["Hello, world", "你好，世界"]),
                SubtitleCue(start: 3500, end: 64_250, lines: ["a < b"]),
                SubtitleCue(start: 3_600_000, end: 3_601_000, lines: ["last"]),
            ])
    }

    @Test func webVTTIsRead() {
        let text = "WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000 align:start\n<v Ann>Hi</v>\n"
        #expect(Subtitles.cues(Array(text.utf8)) == [SubtitleCue(start: 1000, end: 2000, lines: ["Hi"])])
    }

    @Test func scriptsAreRead() {
        let text = """
            [Script Info]
            Title: x
            [Events]
            Format: Layer, Start, End, Style, Text
            Dialogue: 0,0:00:05.00,0:00:06.00,Default,{\\b1}第二句，有逗号{\\b0}\\NSecond, line
            Dialogue: 0,0:00:01.50,0:00:02.00,Default,first
            Dialogue: 0,0:00:01.50,0:00:02.00,Default,{\\p1}m 0 0 l 1 1
            Dialogue: broken
            """
        #expect(
            Subtitles.cues(Array(text.utf8)) == [
                SubtitleCue(start: 1500, end: 2000, lines: ["first"]),
                SubtitleCue(start: 5000, end: 6000, lines: ["第二句，有逗号", "Second, line"]),
            ])
    }

    @Test func subtitlesAreADocument() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let bytes = try EncodingTests.encoded(Self.subRip, "GB18030")
        let (documents, faults) = try RawReaderTests.read(folder.write("a.srt", bytes))
        #expect(RawReaderTests.texts(documents) == ["Hello, world\n你好，世界\na < b\nlast"])
        #expect(faults.isEmpty)
        #expect(try RawReaderTests.read(folder.write("b.ass", "nothing")).faults.count == 1)
        #expect(try Subtitles.read(path: folder.path + "/a.srt").count == 3)
    }
}
