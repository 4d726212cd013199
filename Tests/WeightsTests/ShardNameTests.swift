import Testing
import Weights

@Suite struct ShardNameTests {
    @Test func takesNamesApartAndMakesThem() throws {
        let name = try #require(ShardName("/models/a-b-00002-of-00012.gguf"))
        #expect(name == ShardName(stem: "/models/a-b", place: 1, count: 12))
        #expect(name.path == "/models/a-b-00002-of-00012.gguf")
        #expect(name.path(11) == "/models/a-b-00012-of-00012.gguf")
    }

    @Test(arguments: [
        "", "a.gguf", "a-00001-of-00002", "a-00001-of-00002.bin", "a-00000-of-00002.gguf", "a-00003-of-00002.gguf",
        "a-1-of-2.gguf", "a-00001-of-0000².gguf", "a-+0001-of-00002.gguf", "-of-00002.gguf", "a00001-of-00002.gguf",
        "a-00001_of-00002.gguf", "a-00001-of-00000.gguf",
    ]) func otherNamesAreNone(path: String) {
        #expect(ShardName(path) == nil)
    }
}
