import Foundation
import Kernels
import Sorting
import Testing

@Suite struct RecordSorterTests {
    static let kind = RunFile.Kind("TE")

    static func records(_ count: Int, seed: UInt64, keys: UInt64) -> [SortRecord] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in SortRecord(key: random.next() % keys, value: random.next() >> 40) }
    }

    @Test(arguments: [1, 2, 1023, 1024, 1025, 20_000])
    func sortsWhateverTheMemory(count: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        for keys in [1, 7, UInt64.max] {
            let records = Self.records(count, seed: seed, keys: keys)
            let folder = try TemporaryFolder()
            let sorter = RecordSorter(kind: Self.kind, scratch: folder.path, memoryBytesMax: 1)
            for record in records { try sorter.add(record) }
            var sorted: [SortRecord] = []
            try sorter.forEach { sorted.append($0) }
            #expect(sorted == records.sorted(), "seed \(seed), keys below \(keys)")
            #expect(folder.names.isEmpty, "nothing stays in the scratch folder")
        }
    }

    @Test func mergesMoreRunsThanBuffersFit() throws {
        let folder = try TemporaryFolder()
        var all: [SortRecord] = []
        var paths: [String] = []
        for run in 0..<37 {
            let records = Self.records(100 + run, seed: UInt64(run), keys: 1000).sorted()
            let writer = try RunWriter(path: folder.file("\(run)"), kind: Self.kind, tag: 9)
            for record in records { try writer.append(record) }
            try writer.finish()
            all += records
            paths.append(folder.file("\(run)"))
        }
        var merge = try RunMerge(paths: paths, kind: Self.kind, tag: 9, scratch: folder.path, memoryBytesMax: 1)
        var merged: [SortRecord] = []
        while let record = try merge.next() { merged.append(record) }
        #expect(merged == all.sorted())
        #expect(folder.names.count == 37)
    }

    @Test func everyChangeOfAFileIsFound() throws {
        let folder = try TemporaryFolder()
        let writer = try RunWriter(path: folder.file("run"), kind: Self.kind)
        for record in Self.records(5, seed: 3, keys: 9).sorted() { try writer.append(record) }
        try writer.finish()
        let sound = try [UInt8](Data(contentsOf: URL(filePath: folder.file("run"))))
        func read(_ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: folder.file("broken")))
            let reader = try RunReader(path: folder.file("broken"), kind: Self.kind)
            while reader.current != nil { try reader.advance() }
        }
        try read(sound)
        for place in 0..<sound.count {
            var bytes = sound
            bytes[place] ^= 0x10
            #expect(throws: SortingError.self, "byte \(place)") { try read(bytes) }
            #expect(throws: SortingError.self, "\(place) bytes") { try read(Array(sound[..<place])) }
        }
        #expect(throws: SortingError.self) { try read(sound + [0]) }
    }

    @Test func anUnfinishedFileIsNotThere() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try WholeFile(path: folder.file("half"))
            try file.write([1, 2, 3])
            #expect(folder.names == ["half.part"])
        }
        #expect(folder.names.isEmpty)
    }
}
