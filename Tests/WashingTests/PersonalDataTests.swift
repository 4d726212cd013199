import Foundation
import Testing
import Washing

@Suite struct PersonalDataTests {
    /// Lines with `⟦kind|text⟧` around what is personal; the others have none, however much they look like it.
    static func labelled(_ name: String) throws -> [(text: [UInt8], truth: [PersonalFinding])] {
        let path = try #require(Bundle.module.url(forResource: "Goldens/\(name).txt", withExtension: nil))
        return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { line in
            var text: [UInt8] = []
            var truth: [PersonalFinding] = []
            for (number, part) in line.split(separator: "⟦", omittingEmptySubsequences: false).enumerated() {
                guard number > 0 else {
                    text += part.utf8
                    continue
                }
                let halves = part.split(separator: "⟧", maxSplits: 1, omittingEmptySubsequences: false)
                let label = halves[0].split(separator: "|", maxSplits: 1)
                let kind = try #require(PersonalKind(rawValue: String(label[0])))
                truth.append(PersonalFinding(kind: kind, range: text.count..<text.count + label[1].utf8.count))
                text += label[1].utf8
                text += halves[1].utf8
            }
            return (text, truth)
        }
    }

    @Test(arguments: ["personal", "personal-varied"])
    func findsWhatIsLabelledAndNothingElse(name: String) throws {
        var hits: [PersonalKind: Int] = [:]
        var misses: [PersonalKind: Int] = [:]
        var alarms: [PersonalKind: Int] = [:]
        for (text, truth) in try Self.labelled(name) {
            let found = text.withUnsafeBufferPointer { PersonalData.find(in: $0) }
            for finding in truth {
                if found.contains(finding) {
                    hits[finding.kind, default: 0] += 1
                } else {
                    misses[finding.kind, default: 0] += 1
                    print("missed \(finding.kind) in \(String(decoding: text, as: UTF8.self)): \(found)")
                }
            }
            for finding in found where !truth.contains(finding) {
                alarms[finding.kind, default: 0] += 1
                print(
                    "took \(String(decoding: text[finding.range], as: UTF8.self)) for \(finding.kind) in "
                        + String(decoding: text, as: UTF8.self))
            }
        }
        let (hit, missed) = (hits.values.reduce(0, +), misses.values.reduce(0, +))
        let alarm = alarms.values.reduce(0, +)
        #expect(hit + missed > 60)
        #expect(Double(hit) >= 0.98 * Double(hit + alarm))
        #expect(Double(hit) >= 0.98 * Double(hit + missed))
    }

    @Test func masksWhatIsAskedFor() {
        var text = Array("电话13812345678，邮箱a.b@example.com".utf8)
        let counts = PersonalData.mask(&text, kinds: [.telephone])
        #expect(String(decoding: text, as: UTF8.self) == "电话[telephone]，邮箱a.b@example.com")
        #expect(counts == [.telephone: 1])
        #expect(PersonalData.mask(&text, kinds: []).isEmpty)
        PersonalData.mask(&text, kinds: Set(PersonalKind.allCases))
        #expect(String(decoding: text, as: UTF8.self) == "电话[telephone]，邮箱[mail]")
    }

    /// Findings in a text with full-width signs are ranges of the text itself.
    @Test func masksFullWidth() {
        var text = Array("（电话：１３８１２３４５６７８），（ａ@ｂ.com）".utf8)
        PersonalData.mask(&text, kinds: Set(PersonalKind.allCases))
        #expect(String(decoding: text, as: UTF8.self) == "（电话：[telephone]），（[mail]）")
    }

    /// Every beginning of every line: nothing is read behind the end, and findings stay in order and inside.
    @Test func staysInsideOfAnyText() throws {
        for (text, _) in try Self.labelled("personal") + Self.labelled("personal-varied") {
            for end in 0...text.count {
                let found = Array(text[..<end]).withUnsafeBufferPointer { PersonalData.find(in: $0) }
                var place = 0
                for finding in found {
                    #expect(finding.range.lowerBound >= place && finding.range.upperBound <= end)
                    place = finding.range.upperBound
                }
            }
        }
    }
}
