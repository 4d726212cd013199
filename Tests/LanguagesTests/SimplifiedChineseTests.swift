import Languages
import Testing

@Suite struct SimplifiedChineseTests {
    @Test(arguments: [
        ("皇后在頭髮後面", "皇后在头发后面"), ("乾隆皇帝的乾坤與餅乾", "乾隆皇帝的乾坤与饼干"), ("瞭望臺一目瞭然", "瞭望台一目了然"),
        ("著作與論著", "著作与论著"), ("abc 已經是简体", "abc 已经是简体"), ("", ""), ("English only", "English only"),
    ])
    func writesSimplified(from: String, to: String) throws {
        var bytes = Array(from.utf8)
        let changed = try SimplifiedChinese.shipped().convert(&bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == to)
        #expect(changed == (from != to))
    }
}
