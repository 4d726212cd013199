import Kernels
import Sorting
import Testing
import Washing

@Suite struct DuplicateTests {
    /// Documents of several units, with the files that merges read.
    static func write(
        _ units: [[String]], _ folder: DuplicateFolder, _ settings: MinHashSettings = MinHashSettings(),
        memoryBytesMax: Int = 1 << 20
    ) throws {
        let hasher = MinHasher(settings)
        for (unit, documents) in units.enumerated() {
            let exact = ExactDuplicateWriter(
                path: folder.file("\(unit).exact"), unit: unit, scratch: folder.path, memoryBytesMax: memoryBytesMax)
            let near = try NearDuplicateWriter(
                path: folder.file("\(unit)"), unit: unit, settings: settings, scratch: folder.path,
                memoryBytesMax: memoryBytesMax)
            for (index, document) in documents.enumerated() {
                var document = document
                try document.withUTF8 { text in
                    try exact.add(hash: DuplicateHash.exact(text), index: index)
                    if hasher.sign(text) { try near.add(hasher, index: index) }
                }
            }
            try exact.finish()
            try near.finish()
        }
    }

    static func near(
        _ units: Int, _ folder: DuplicateFolder, _ settings: MinHashSettings = MinHashSettings(),
        memoryBytesMax: Int = 1 << 20
    ) throws -> (counts: DuplicateCounts, dropped: [DocumentKey: DocumentKey]) {
        let drops = DropLists(folder: folder.path, name: "near", units: 0..<units)
        let counts = try NearDuplicates.merge(
            units: (0..<units).map { ($0, folder.file("\($0)")) }, settings: settings, into: drops,
            scratch: folder.path, memoryBytesMax: memoryBytesMax)
        return (counts, try read(drops, units, indices: 4000))
    }

    static func read(_ drops: DropLists, _ units: Int, indices: Int) throws -> [DocumentKey: DocumentKey] {
        var dropped: [DocumentKey: DocumentKey] = [:]
        for unit in 0..<units {
            var cursor = try drops.cursor(unit: unit)
            for index in 0..<indices {
                if let kept = try cursor.kept(for: index) { dropped[DocumentKey(unit: unit, index: index)] = kept }
            }
        }
        return dropped
    }

    @Test func theLowestOfTheSameIsKept() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let units = (0..<5).map { _ in (0..<300).map { _ in "text \(random.next() % 700)" } }
        for memory in [1, 1 << 20] {
            let folder = try DuplicateFolder()
            try Self.write(units, folder, memoryBytesMax: memory)
            for copiesMin in [2, 3] {
                let drops = DropLists(folder: folder.path, name: "exact", units: 0..<5)
                let counts = try ExactDuplicates.merge(
                    runs: (0..<5).map { folder.file("\($0).exact") }, into: drops, scratch: folder.path,
                    memoryBytesMax: memory, copiesMin: copiesMin)
                var groups: [String: [DocumentKey]] = [:]
                for (unit, documents) in units.enumerated() {
                    for (index, text) in documents.enumerated() {
                        groups[text, default: []].append(DocumentKey(unit: unit, index: index))
                    }
                }
                var expected: [DocumentKey: DocumentKey] = [:]
                for group in groups.values where group.count >= copiesMin {
                    for key in group.dropFirst() { expected[key] = group[0] }
                }
                #expect(try Self.read(drops, 5, indices: 300) == expected, "seed \(seed)")
                #expect(counts.dropped == expected.count && counts.texts == 1500)
                #expect(counts.groups == groups.values.filter { $0.count >= copiesMin }.count)
                #expect(counts.largestGroup == groups.values.map(\.count).max())
            }
        }
    }

    @Test func linesAreComparedWithoutSpaceAroundThem() {
        func line(_ text: String) -> UInt64? { Array(text.utf8).withUnsafeBufferPointer(DuplicateHash.line) }
        func words(_ text: String) -> UInt64? { Array(text.utf8).withUnsafeBufferPointer(DuplicateHash.words) }
        #expect(line("  a b\t") == line("a b") && line("a b") != line("a  b"))
        #expect(line(" \t") == nil && words("……！ ") == nil)
        #expect(words("Hello, ＷＯＲＬＤ！春眠") == words("hello world 春 眠"))
        #expect(words("ÉCOLE Привет") == words("école привет") && words("ab c") != words("a bc"))
    }

    @Test func aPlantedSetIsFound() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let planted = PlantedDuplicates(seed: seed, originals: 150, copies: 4)
        let folder = try DuplicateFolder()
        try Self.write(planted.units, folder)
        let found = try Self.near(planted.units.count, folder)
        let (recall, precision) = planted.judge(found.dropped, like: 0.82, unlike: 0.68)
        #expect(recall >= 0.98, "seed \(seed)")
        #expect(precision >= 0.98, "seed \(seed)")
        #expect(found.counts.dropped == found.dropped.count && found.counts.confirmed >= found.counts.groups)
        // The same with no memory to speak of.
        let small = try DuplicateFolder()
        try Self.write(planted.units, small, memoryBytesMax: 1)
        let again = try Self.near(planted.units.count, small, memoryBytesMax: 1)
        #expect(again.dropped == found.dropped && again.counts == found.counts, "seed \(seed)")
        #expect(small.names.filter { $0.hasSuffix(".run") || $0.hasSuffix(".sets") }.isEmpty)
    }

    @Test func filesOfOtherSettingsAndBrokenOnesAreErrors() throws {
        let folder = try DuplicateFolder()
        try Self.write([["one two three four five six", "eins zwei drei"]], folder)
        var other = MinHashSettings()
        other.rows = 5
        #expect(throws: SortingError.self) { try Self.near(1, folder, other) }
        for name in ["0.sketches", "0.bands"] {
            let sound = try folder.read(name)
            for length in [0, 7, 23, 24, sound.count - 1] {
                try folder.write(Array(sound[..<length]), name)
                #expect(throws: SortingError.self, "\(name), \(length) bytes") { try Self.near(1, folder) }
            }
            try folder.write(sound, name)
        }
        #expect(try Self.near(1, folder).dropped.isEmpty)
    }
}
