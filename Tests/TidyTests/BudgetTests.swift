import Testing

/// Short files, small functions, narrow lines.
@Suite struct BudgetTests {
    static let fileLinesMax = 400
    static let functionLinesMax = 70
    static let columnsMax = 120

    /// Tables that a script of Tests makes.
    static func isGenerated(_ file: Repository.File) -> Bool { file.path.hasSuffix("Data.swift") }

    /// Sound inputs in other languages, one a line.
    static func isForeign(_ file: Repository.File) -> Bool { file.path.hasSuffix("Seeds.swift") }

    @Test(arguments: ["Sources", "Tests"])
    func filesAreShort(folder: String) {
        for file in Repository.files(folder, ["swift", "c", "h", "js", "css", "html", "py"])
        where !Self.isGenerated(file) {
            #expect(file.lines.count <= Self.fileLinesMax + 1, "\(file) has \(file.lines.count) lines")
        }
    }

    @Test(arguments: ["Sources", "Tests"])
    func linesAreNarrow(folder: String) {
        for file in Repository.files(folder, ["swift"]) where !Self.isForeign(file) {
            for (number, line) in file.lines.enumerated() {
                #expect(line.count <= Self.columnsMax, "\(file):\(number + 1) has \(line.count) columns")
            }
        }
    }

    @Test func functionsAreSmall() {
        for file in Repository.files("Sources", ["swift"]) {
            for (start, end) in Self.functions(file.lines) {
                #expect(end - start < Self.functionLinesMax, "\(file):\(start + 1) is \(end - start + 1) lines long")
            }
        }
    }

    /// First and last lines of functions, found by indentation, which `script/format` guarantees.
    static func functions(_ lines: [Substring]) -> [(Int, Int)] {
        var found: [(Int, Int)] = []
        for (start, line) in lines.enumerated() {
            let indent = line.prefix { $0 == " " }
            let words = line.dropFirst(indent.count).split(separator: " ")
            guard words.contains("func") || words.contains(where: { $0.hasPrefix("init(") }), !line.contains("//"),
                !line.hasSuffix("}")
            else { continue }
            let close = indent + "}"
            if let end = lines[start...].firstIndex(where: { $0 == close }) { found.append((start, end)) }
        }
        return found
    }
}
