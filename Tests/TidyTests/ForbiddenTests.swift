import Foundation
import Testing

/// Calls and words that have no place in the sources.
@Suite struct ForbiddenTests {
    @Test func nothingTrapsOnPurpose() {
        let words = ["try" + "!", "fatal" + "Error(", " as" + "! "]
        for file in Repository.files("Sources", ["swift"]) {
            for (number, line) in file.lines.enumerated() {
                for word in words where line.contains(word) {
                    Issue.record("\(file):\(number + 1) has \(word); throw, or state a precondition")
                }
            }
        }
    }

    @Test func onlyTheCommandLinePrints() {
        for file in Repository.files("Sources", ["swift"]) where file.target != "danlu" {
            for (number, line) in file.lines.enumerated() where !line.contains("//") {
                // "case print(" and ".print(" are something else's.
                let words = line.split { !($0.isLetter || $0 == "(" || $0 == ".") }
                let isCall = words.first.map { $0.hasPrefix("print(") } ?? false
                #expect(!isCall, "\(file):\(number + 1) prints")
            }
        }
    }

    @Test func uncheckedSendableSaysWhy() {
        for file in Repository.files("Sources", ["swift"]) {
            for (number, line) in file.lines.enumerated() where line.contains("@unchecked Sendable") {
                let near = file.lines[max(0, number - 2)..<min(file.lines.count, number + 3)]
                #expect(near.contains { $0.contains("// Sendable:") }, "\(file):\(number + 1) does not say why")
            }
        }
    }

    @Test func nothingIsLeftForLater() {
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK"]
        for folder in ["Sources", "Tests", "script", "docs", "Benchmarks"] {
            for file in Repository.files(folder, ["swift", "c", "h", "js", "css", "py", "md", "sh"]) {
                for (number, line) in file.lines.enumerated() {
                    for word in words where line.contains(word) { Issue.record("\(file):\(number + 1) has \(word)") }
                }
            }
        }
    }
}
