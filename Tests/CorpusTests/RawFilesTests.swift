import Corpus
import Testing

@Suite struct RawFilesTests {
    @Test func foldersPatternsAndFilesAreFound() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        for name in ["b.html", "a.txt.gz", "deep/c.warc", ".hidden/d.txt", "e.png", "odd"] {
            try folder.write(name, "x")
        }
        #expect(try RawFiles.find([folder.path]).map(\.name) == ["a.txt.gz", "b.html", "deep/c.warc"])
        #expect(try RawFiles.find([folder.path + "/*.html", folder.path + "/b.html"]).map(\.name) == ["b.html"])
        #expect(try RawFiles.find([folder.path + "/odd"]).map(\.format) == [nil])
        #expect(try RawFiles.find(["-"]).map(\.path) == ["-"])
        #expect(throws: CorpusError.noMatch(pattern: folder.path + "/*.nothing")) {
            try RawFiles.find([folder.path + "/*.nothing"])
        }
        #expect(throws: CorpusError.self) { try RawFiles.find([folder.path + "/nowhere"]) }
        var limits = CorpusLimits()
        limits.filesMax = 2
        #expect(throws: CorpusError.self) { try RawFiles.find([folder.path], limits: limits) }
    }
}
