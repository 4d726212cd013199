import Corpus
import Foundation
import Testing

/// Arrays of JSON, which are read an element at a time.
struct JSONArrayTests {
    private func read(
        _ text: String, limits: CorpusLimits = CorpusLimits(), name: String = "a.json"
    ) throws -> (texts: [String], places: [String], faults: [String]) {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (documents, faults) = try RawReaderTests.read(folder.write(name, text), limits: limits)
        return (RawReaderTests.texts(documents), documents.map(\.place), faults)
    }

    @Test func elementsEndWhereTheyDo() throws {
        let (texts, places, faults) = try read(
            #"\#u{FEFF} [ {"text": "a, ]}"}, {"text": "q\"]\\"},"# + "\n\n"
                + #"{"text": "c", "n": [1, {"x": [2]}]} , ]  "#)
        #expect(texts == ["a, ]}", #"q"]\"#, "c"])
        #expect(places == ["element 1", "element 2", "element 3"])
        #expect(faults.isEmpty)
    }

    /// The file may be longer than what is read at once.
    @Test func longArraysAreReadInBoundedMemory() throws {
        var limits = CorpusLimits()
        limits.documentBytesMax = 1000
        let elements = (0..<20_000).map { #"{"text": "number \#($0), \#(String(repeating: "字", count: 40))"}"# }
        let (texts, _, faults) = try read("[" + elements.joined(separator: ",\n") + "]", limits: limits)
        #expect(texts.count == 20_000 && texts[19_999].hasPrefix("number 19999"))
        #expect(faults.isEmpty)
    }

    @Test func brokenElementsAreNamedAndPassedOver() throws {
        var limits = CorpusLimits()
        limits.documentBytesMax = 100
        let long = String(repeating: "x", count: 200)
        let (texts, _, faults) = try read(
            #"[{"text": "a"}, {"text": "\#(long)"}, {"text": }, 7, {"text": "b"}, {"text": "c"#, limits: limits)
        #expect(texts == ["a", "b"])
        #expect(faults.count == 4)
        #expect(faults[0].contains("element 2") && faults[0].contains("longer than 100"))
        #expect(faults[1].contains("element 3") && faults[2].contains("element 4"))
        #expect(faults[3].contains("element 6") && faults[3].contains("ends within"))
    }

    /// Every cut of a file gives a beginning of what the whole gives.
    @Test func anyCutIsReadAsFarAsItGoes() throws {
        let whole = #"[{"text": "a\"]"}, {"text": "b{"}, {"text": "c"}]"#
        for length in 2...whole.utf8.count {
            let (texts, _, faults) = try read(String(decoding: whole.utf8.prefix(length), as: UTF8.self))
            #expect(["a\"]", "b{", "c"].starts(with: texts), "\(length)")
            #expect(faults.count <= 1)
        }
    }

    @Test func booksAreKnownByTheirBytes() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let file = try folder.write("book", ArchiveTests.zip(ArchiveTests.members))
        let format = try Data(contentsOf: URL(filePath: file)).withUnsafeBytes {
            RawFormat(content: $0.bindMemory(to: UInt8.self))
        }
        #expect(format == .epub)
    }

    @Test func binaryDataIsNoPage() throws {
        let (texts, _, faults) = try read(String(repeating: "\u{1}\u{2}<p>a", count: 50), name: "a.html")
        #expect(texts.isEmpty && faults.count == 1 && faults[0].contains("binary"))
    }
}
