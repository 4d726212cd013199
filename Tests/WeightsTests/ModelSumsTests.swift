import Foundation
import Kernels
import Testing
import Weights

@Suite struct ModelSumsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The hash of a file as another program finds it.
    static func sha256(of path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sha256sum", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return String(text.prefix(64))
    }

    @Test func whatWasReadOnceIsRemembered() throws {
        let (file, store) = ("\(folder.path)/model", "\(folder.path)/home/sums.json")
        try Data("one".utf8).write(to: URL(filePath: file))
        let later = Date.now.timeIntervalSince1970 + 60
        var computed = 0
        func sum(_ sums: ContentSums) -> String {
            sums.sum(of: [file]) {
                computed += 1
                return "sum \(computed)"
            }
        }
        let sums = ContentSums(path: store, now: { later })
        #expect(sum(sums) == "sum 1" && sum(sums) == "sum 1")
        #expect(sum(ContentSums(path: store, now: { later })) == "sum 1", "another program")
        try Data("two".utf8).write(to: URL(filePath: file))
        #expect(sum(sums) == "sum 2")
        // The same size and time of change, set back: the entry's own time betrays it.
        let when = try #require(try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date)
        try Data("xyz".utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.modificationDate: when], ofItemAtPath: file)
        #expect(sum(sums) == "sum 3")
        try Data("not JSON".utf8).write(to: URL(filePath: store))
        #expect(sum(ContentSums(path: store, now: { later })) == "sum 4")
        #expect(sum(ContentSums(path: "/dev/null/nowhere", now: { later })) == "sum 5")
    }

    /// What was written a moment ago may be written again within the clock's grain.
    @Test func whatIsFreshIsReadAgain() throws {
        let file = "\(folder.path)/fresh"
        try Data("one".utf8).write(to: URL(filePath: file))
        let sums = ContentSums()
        var computed = 0
        for _ in 0..<2 {
            _ = sums.sum(of: [file]) {
                computed += 1
                return ""
            }
        }
        #expect(computed == 2)
    }
}
