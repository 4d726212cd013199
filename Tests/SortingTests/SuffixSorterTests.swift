import Foundation
import Kernels
import Sorting
import Testing

@Suite struct SuffixSorterTests {
    static func sorted(
        _ text: [UInt8], _ symbolBytes: Int, memoryBytesMax: Int, threads: Int, _ includes: @Sendable (Int) -> Bool
    ) throws -> [Int] {
        let folder = try TemporaryFolder()
        let sorter = SuffixSorter(
            text: ByteView(copying: text), symbolBytes: symbolBytes, memoryBytesMax: memoryBytesMax)
        let count = try sorter.write(
            to: folder.file("suffixes"), on: WorkerPool(threads: threads), includes: includes)
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: folder.file("suffixes"))))
        #expect(bytes.count == count * SuffixSorter.entryBytes && folder.names == ["suffixes"])
        return (0..<count).map { entry in
            bytes[entry * 5..<entry * 5 + 5].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }

    /// Sorted by comparing whole suffixes.
    static func expected(_ text: [UInt8], _ symbolBytes: Int, _ includes: (Int) -> Bool) -> [Int] {
        (0..<text.count / symbolBytes).filter(includes).sorted { a, b in
            let (x, y) = (text[(a * symbolBytes)...], text[(b * symbolBytes)...])
            // To the end of the text. Zeros follow the end.
            let (u, v) = (toEnd(x, symbolBytes), toEnd(y, symbolBytes))
            for (p, q) in zip(u, v) where p != q { return p < q }
            if u.count < v.count, v.dropFirst(u.count).contains(where: { $0 != 0 }) { return true }
            if v.count < u.count, u.dropFirst(v.count).contains(where: { $0 != 0 }) { return false }
            return a < b
        }
    }

    /// To the first symbol of FF alone, or 8,192 bytes.
    static func toEnd(_ suffix: ArraySlice<UInt8>, _ symbolBytes: Int) -> ArraySlice<UInt8> {
        let suffix = suffix.prefix(8192)
        for start in stride(from: suffix.startIndex, to: suffix.endIndex, by: symbolBytes)
        where suffix[start..<start + symbolBytes].allSatisfy({ $0 == 0xff }) {
            return suffix[..<(start + symbolBytes)]
        }
        return suffix
    }

    @Test(arguments: [1, 2, 4])
    func anyTextIsSorted(symbolBytes: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        for letters in [1, 2, 5, 256, 257] as [UInt64] {
            for symbols in [0, 1, 7, 500, 1500] {
                // 257: many ends.
                let text = (0..<symbols * symbolBytes).map { _ in
                    letters == 257 ? (random.next() % 8 > 1 ? 0xff : 7) : UInt8(random.next() % letters)
                }
                for threads in [1, 2] {
                    let found = try Self.sorted(text, symbolBytes, memoryBytesMax: 1, threads: threads) { _ in true }
                    #expect(
                        found == Self.expected(text, symbolBytes) { _ in true },
                        "seed \(seed), \(letters) letters, \(symbols) symbols")
                }
                let odd = try Self.sorted(text, symbolBytes, memoryBytesMax: 1 << 20, threads: 1) { $0 % 3 == 1 }
                #expect(odd == Self.expected(text, symbolBytes) { $0 % 3 == 1 }, "seed \(seed)")
            }
        }
    }

    /// More suffixes with the same beginning than fit into a range.
    @Test func heavyBeginningsAreDivided() throws {
        var text = [UInt8](repeating: 7, count: 30_000)
        for place in stride(from: 0, to: text.count, by: 11) { text[place] = UInt8(place % 251) }
        let found = try Self.sorted(text, 1, memoryBytesMax: 1, threads: 2) { _ in true }
        #expect(found.count == text.count && Set(found).count == text.count)
        for (a, b) in zip(found, found.dropFirst()) {
            #expect(
                !text[b...].prefix(8192).lexicographicallyPrecedes(text[a...].prefix(8192)) || a + 8192 > text.count)
        }
    }

    /// Sorted by comparing bytes to the depth, ends found before.
    static func expectedOfLong(_ text: [UInt8], _ symbolBytes: Int) -> [Int] {
        let symbols = text.count / symbolBytes
        var ends = Array(repeating: text.count, count: symbols + 1)
        for place in (0..<symbols).reversed() {
            let symbol = text[place * symbolBytes..<(place + 1) * symbolBytes]
            ends[place] = symbol.allSatisfy { $0 == 0xff } ? (place + 1) * symbolBytes : ends[place + 1]
        }
        return text.withUnsafeBufferPointer { bytes in
            (0..<symbols).sorted { a, b in
                let (x, y) = (a * symbolBytes, b * symbolBytes)
                let length = min(8192, ends[a] - x, ends[b] - y)
                for offset in 0..<length where bytes[x + offset] != bytes[y + offset] {
                    return bytes[x + offset] < bytes[y + offset]
                }
                return a < b
            }
        }
    }

    /// Whole copies, copies with a change, copies that go on differently, longer and shorter than what is compared.
    @Test(arguments: [1, 2, 4])
    func copiesAreSorted(symbolBytes: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let end = [UInt8](repeating: 0xff, count: symbolBytes)
        for length in [40, 300, 2500, 9000] {
            let original = (0..<length / symbolBytes * symbolBytes).map { _ in UInt8(random.next() % 7) }
            var text: [UInt8] = []
            for copy in 0..<4 {
                var own = original
                if copy == 2 { own[Int(random.next() % UInt64(own.count))] = 9 }
                text += own[(copy == 3 ? own.count / symbolBytes / 3 * symbolBytes : 0)...] + end
            }
            for (memory, threads) in [(1, 1), (1 << 24, 2)] {
                let found = try Self.sorted(text, symbolBytes, memoryBytesMax: memory, threads: threads) { _ in true }
                #expect(found == Self.expectedOfLong(text, symbolBytes), "seed \(seed), \(length) bytes")
            }
        }
    }
}
