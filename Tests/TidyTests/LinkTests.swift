import Foundation
import Testing

/// Links of the documents lead somewhere.
@Suite struct LinkTests {
    @Test func relativeLinksExist() throws {
        let documents =
            Repository.files("docs", ["md"]) + Repository.files(".", ["md"]).filter { !$0.path.contains("/") }
        #expect(!documents.isEmpty)
        for file in documents {
            let folder = Repository.root.appending(path: file.path).deletingLastPathComponent()
            for (number, line) in file.lines.enumerated() {
                for target in Self.targets(line) where !target.contains("://") && !target.hasPrefix("#") {
                    let path = target.split(separator: "#").first.map(String.init) ?? ""
                    #expect(
                        FileManager.default.fileExists(atPath: folder.appending(path: path).path),
                        "\(file):\(number + 1) links to \(target), which does not exist")
                }
            }
        }
    }

    static func targets(_ line: Substring) -> [String] {
        line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
    }
}
