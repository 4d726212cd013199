import Kernels
import Sorting
import Testing
import Washing

@Suite struct PassageTests {
    static func text(_ words: Int, _ random: inout SplitMix64) -> String {
        (0..<words).map { _ in
            let word = random.next() % 40_000
            return word < 20_000 ? "w\(word) " : String(Unicode.Scalar(UInt32(0x4E00 + word - 20_000)) ?? "一")
        }.joined()
    }

    static func search(
        _ units: [[String]], _ folder: DuplicateFolder, memoryBytesMax: Int
    ) throws -> [DocumentKey: [String]] {
        for (unit, documents) in units.enumerated() {
            let writer = try PassageWriter(path: folder.file("\(unit)"), unit: unit)
            for (index, document) in documents.enumerated() {
                var document = document
                try document.withUTF8 { try writer.add($0, index: index) }
            }
            try writer.finish()
        }
        let drops = DropLists(folder: folder.path, name: "passages", units: 0..<units.count)
        _ = try RepeatedPassages.merge(
            units: units.indices.map { ($0, folder.file("\($0)")) }, bytesMin: 200, into: drops, scratch: folder.path,
            memoryBytesMax: memoryBytesMax, on: WorkerPool(threads: 2))
        var found: [DocumentKey: [String]] = [:]
        for unit in units.indices {
            var cursor = try drops.passages(unit: unit)
            for (index, document) in units[unit].enumerated() {
                let bytes = Array(document.utf8)
                let texts = try cursor.ranges(of: index).map { String(decoding: bytes[$0], as: UTF8.self) }
                if !texts.isEmpty { found[DocumentKey(unit: unit, index: index)] = texts }
            }
        }
        return found
    }

    @Test func theFirstPlaceKeepsAPassage() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let passages = (0..<30).map { _ in "｢" + Self.text(70, &random) + "｣" }
        var units: [[String]] = [[], [], []]
        var expected: [DocumentKey: [String]] = [:]
        for (number, passage) in (passages + passages).enumerated() {
            let unit = number < 30 ? 0 : 1 + number % 2
            if number >= 30 { expected[DocumentKey(unit: unit, index: units[unit].count)] = [passage] }
            let marks = (number < 30 ? "<" : "(", number < 30 ? ">" : ")")
            units[unit].append(Self.text(40, &random) + marks.0 + passage + marks.1 + Self.text(40, &random))
        }
        units[2].append(passages[0].prefix(80) + "…")
        for memory in [1, 1 << 22] {
            let folder = try DuplicateFolder()
            let found = try Self.search(units, folder, memoryBytesMax: memory)
            let missed = expected.filter { found[$0.key] != $0.value }
            #expect(missed.count <= 1 && found.count <= expected.count, "seed \(seed): \(missed.keys)")
            #expect(!folder.names.contains { $0.hasSuffix(".suffixes") || $0.hasSuffix(".run") })
        }
    }

    @Test func whatRepeatsItselfKeepsItsFirstPeriod() throws {
        var random = SplitMix64(seed: 5)
        let period = (0..<40).map { _ in "w\(random.next() % 20_000) " }.joined()
        let found = try Self.search(
            [["a " + String(repeating: period, count: 9) + "z"]], try DuplicateFolder(), memoryBytesMax: 1 << 20)
        let dropped = found.values.flatMap { $0 }.reduce(0) { $0 + $1.utf8.count }
        #expect(dropped >= 7 * period.utf8.count && dropped <= 8 * period.utf8.count + 1)
    }
}
