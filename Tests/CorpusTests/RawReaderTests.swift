import Corpus
import Foundation
import Testing

@Suite struct RawReaderTests {
    static func read(
        _ path: String, format: RawFormat? = nil, range: Range<Int>? = nil, limits: CorpusLimits = CorpusLimits(),
        options: RawOptions = RawOptions()
    ) throws -> (documents: [RawDocument], faults: [String]) {
        let file = RawFile(
            path: path, name: (path as NSString).lastPathComponent, bytes: 0, format: format ?? RawFormat(name: path),
            range: range)
        let reader = try RawReader(file, limits: limits, options: options)
        var documents: [RawDocument] = []
        while let document = try reader.next() { documents.append(document) }
        #expect(reader.faultCount >= reader.faults.count)
        for document in documents { #expect(String(validating: document.bytes, as: UTF8.self) != nil) }
        return (documents, reader.faults.map(\.description))
    }

    static func texts(_ documents: [RawDocument]) -> [String] {
        documents.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test func plainTextIsReadInParts() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.write("a.txt", "\u{FEFF}\none\r\ntwo\n<|endoftext|>\n\nthree")
        let (documents, faults) = try Self.read(file)
        #expect(Self.texts(documents) == ["one\ntwo", "three"])
        #expect(documents.map(\.place) == ["line 2", "line 6"])
        #expect(faults.isEmpty)
    }

    @Test func objectsOfLinesGiveTextAndWhatIsKnown() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.write(
            "a.jsonl",
            #"{"url": "http://x/", "text": "一\n\u4e8c \ud83d\ude00 \"q\"", "metadata": {"title": "T", "id": 7}, "#
                + #""n": [1, "}"]}"#
                + "\n\n" + #"{"content": "c"}"# + "\n" + #"{"messages": [{"role": "user", "content": "hi"}, {"role":"#
                + #""assistant", "content": [{"type": "text", "text": "yo"}]}]}"# + "\n"
                + #"{"output": "b", "instruction": "a"}"# + "\n" + #"{"html": "<p>x"}"# + "\n{\n[1]\n" + #"{"text": 3}"#
        )
        let (documents, faults) = try Self.read(file)
        #expect(Self.texts(documents) == ["一\n二 😀 \"q\"", "c", "user: hi\nassistant: yo", "a\n\nb", "<p>x"])
        #expect(documents[0].metadata == ["url": "http://x/", "title": "T", "id": "7"])
        #expect(documents.map { $0.metadata["kind"] } == [nil, nil, "dialogue", "instruction", nil])
        #expect(documents.map(\.isHTML) == [false, false, false, false, true])
        #expect(faults.count == 3 && faults[0].contains("a.jsonl, line 7") && faults[2].contains("text"))
        let (chosen, _) = try Self.read(file, options: RawOptions(textField: "url"))
        #expect(Self.texts(chosen) == ["http://x/"])
    }

    /// However a file is cut into stretches, each line is read once.
    @Test func stretchesHoldEachLineOnce() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let lines = (0..<40).map { #"{"text": "\#(String(repeating: "x", count: $0 * 7 % 23))\#($0)"}"# }
        let text = lines.joined(separator: "\n") + "\n"
        let file = try folder.write("a.jsonl", text)
        let whole = Self.texts(try Self.read(file).documents)
        let count = text.utf8.count
        for step in 1...97 {
            var read: [String] = []
            for start in stride(from: 0, to: count, by: step) {
                read += Self.texts(try Self.read(file, range: start..<min(count, start + step)).documents)
            }
            #expect(read == whole, "stretches of \(step) bytes")
        }
    }

    @Test func compressionIsFoundByItsBytes() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let bytes = TemporaryFolder.gzip("one") + TemporaryFolder.gzip(" two")
        #expect(Self.texts(try Self.read(folder.write("a.txt", bytes)).documents) == ["one two"])
        let zstd = TemporaryFolder.zstd("drei") + TemporaryFolder.zstd(" vier")
        #expect(Self.texts(try Self.read(folder.write("b.txt.zst", zstd)).documents) == ["drei vier"])
        var reader = try TextSource(path: folder.path + "/b.txt.zst").reader()
        #expect(try reader.next()?.text == "drei vier")
    }

    /// What lies before the damage is given; the damage is named.
    @Test(arguments: ["gz", "zst"]) func truncatedFilesGiveWhatTheyHave(ending: String) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let text = (0..<60_000).map { #"{"text": "line \#($0 * 7919 % 60_000)"}"# + "\n" }.joined()
        let whole = ending == "gz" ? TemporaryFolder.gzip(text) : TemporaryFolder.zstd(text)
        for share in [0.01, 0.5, 0.99] {
            let part = Array(whole.prefix(Int(Double(whole.count) * share)))
            let (documents, faults) = try Self.read(folder.write("a.jsonl.\(ending)", part))
            #expect(documents.count < 60_000)
            #expect(faults.contains { $0.contains("ends early") }, "\(faults)")
            if share > 0.4 { #expect(documents.count > 10_000) }
        }
    }

    @Test func bombsAreEnded() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var limits = CorpusLimits()
        limits.expandedBytesFree = 1 << 20
        let zeros = String(repeating: "0", count: 8 << 20)
        let (_, faults) = try Self.read(folder.write("a.txt", TemporaryFolder.gzip(zeros)), limits: limits)
        #expect(faults.contains { $0.contains("times its size") }, "\(faults)")
    }

    @Test func binaryDataIsPassedOver() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (documents, faults) = try Self.read(folder.write("a.txt", (0..<4000).map { UInt8($0 * 31 % 7 * 3) }))
        #expect(documents.isEmpty && faults.contains { $0.contains("binary") })
        #expect(try Self.read(folder.write("empty.txt", "")).documents.isEmpty)
    }
}
