import Corpus
import Testing

@Suite struct TableTests {
    private func read(_ name: String, _ text: String, _ options: RawOptions = RawOptions()) throws -> (
        texts: [String], documents: [RawDocument], faults: [String]
    ) {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (documents, faults) = try RawReaderTests.read(folder.write(name, text), options: options)
        return (RawReaderTests.texts(documents), documents, faults)
    }

    @Test func rowsAreRead() throws {
        let table = "id,Title,text\r\n1,T,\"one, \"\"two\"\"\nthree\"\r\n2,U,plain\r\n3,V,\r\n"
        let (texts, documents, faults) = try read("a.csv", table)
        #expect(texts == ["one, \"two\"\nthree", "plain"])
        #expect(documents[0].metadata == ["id": "1", "title": "T"])
        #expect(documents.map(\.place) == ["line 2", "line 4"])
        #expect(faults.isEmpty)
    }

    @Test func theTextIsFoundWithoutAHead() throws {
        let rows = "1\tA rather long line of words that is the text\n2\tAnother long line, also the text\n"
        #expect(try read("a.tsv", rows).texts.count == 2)
        #expect(try read("a.csv", "question,answer\nwhy,because\n").texts == ["why\n\nbecause"])
        #expect(try read("a.csv", "a;b\nx;y\n", RawOptions(textField: "b")).texts == ["y"])
    }

    @Test func brokenRowsArePassedOver() throws {
        let (texts, _, faults) = try read("a.csv", "id,text\n1\n2,good\n\"never closed,\nx,y\n")
        #expect(texts == ["good"])
        #expect(faults.count == 2)
        #expect(try read("a.csv", "").texts.isEmpty)
        #expect(try read("a.csv", "\"").texts.isEmpty)
    }
}
