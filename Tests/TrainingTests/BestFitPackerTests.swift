import Kernels
import Testing
import Training

@Suite struct BestFitPackerTests {
    private func rows(_ lengths: [Int], sequence: Int) -> [[BestFitPacker.Placed]] {
        var packer = BestFitPacker(sequence: sequence)
        for (document, tokens) in lengths.enumerated() { packer.add(source: 0, document: document, tokens: tokens) }
        var rows: [[BestFitPacker.Placed]] = []
        while !packer.buffer.isEmpty { rows.append(packer.row()) }
        return rows
    }

    @Test func theOldestBeginsAndWhatFillsTheRowGoesWithIt() {
        // Read tokens: 4, 3, 6, 6, 1.
        let found = rows([5, 4, 7, 7, 2], sequence: 10).map { $0.map(\.piece.document) }
        #expect(found == [[0, 2], [1, 3, 4]])
    }

    /// Every list of up to five pieces in rows of seven: no other choice beside the oldest would fill the row further.
    @Test func noChoiceWouldFillTheRowFurther() {
        var lists: [[Int]] = [[]]
        for _ in 0..<5 { lists += lists.flatMap { list in (1...7).map { list + [$0] } } }
        for counts in Set(lists) where !counts.isEmpty {
            var best = 0
            for choice in 0..<1 << (counts.count - 1) {
                let sum =
                    counts[0]
                    + counts.dropFirst().enumerated().reduce(0) { $0 + (choice >> $1.offset & 1) * $1.element }
                if sum <= 7 { best = max(best, sum) }
            }
            var packer = BestFitPacker(
                sequence: 7, buffer: counts.map { Piece(source: 0, document: 0, start: 0, count: $0) })
            let row = packer.row()
            #expect(row.reduce(0) { $0 + $1.piece.count } == best && row[0].piece.count == counts[0], "\(counts)")
            #expect(packer.buffer.count == counts.count - row.count)
        }
    }

    @Test func longDocumentsAreCutAndKeepTheirTargets() {
        let pieces = rows([26], sequence: 10).map { $0[0].piece }
        #expect(pieces.map(\.start) == [0, 10, 20])
        #expect(pieces.map(\.count) == [10, 10, 5])
        #expect(rows([0, 1], sequence: 10).isEmpty)
    }

    /// All lists of up to four documents of up to six tokens, in rows of four.
    @Test func everyTokenWithASuccessorIsReadOnce() {
        var lists: [[Int]] = [[]]
        for _ in 0..<4 { lists += lists.flatMap { list in (0...6).map { list + [$0] } } }
        for lengths in Set(lists) {
            var read = Set<[Int]>()
            var count = 0
            for row in rows(lengths, sequence: 4) {
                var end = 0
                for placed in row {
                    #expect(placed.position == end && placed.piece.count > 0)
                    end += placed.piece.count
                    for offset in 0..<placed.piece.count {
                        read.insert([placed.piece.document, placed.piece.start + offset])
                        count += 1
                    }
                }
                #expect(end <= 4)
            }
            let expected = lengths.reduce(0) { $0 + max(0, $1 - 1) }
            #expect(read.count == expected && count == expected, "\(lengths)")
        }
    }

    @Test func littleIsWasted() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        var packer = BestFitPacker(sequence: 256)
        var used = 0
        for _ in 0..<200 {
            while packer.buffer.count < 200 {
                packer.add(source: 0, document: 0, tokens: Int.random(in: 20...700, using: &random))
            }
            used += packer.row().reduce(0) { $0 + $1.piece.count }
        }
        #expect(Double(used) / (200 * 256) > 0.97, "seed \(seed)")
    }

    /// Examples of 20 to 340 tokens, 200 of them: what a small team has.
    @Test func examplesThatAreNeverCutFillRows() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix64(seed: seed)
        let tokens = (0..<200).map { _ in
            Int.random(in: 20...180, using: &random) + Int.random(in: 0...160, using: &random)
        }
        for sequence in [512, 1024, 2048] {
            let estimate = PackingEstimate(tokens: tokens, sequence: sequence, seed: seed)
            #expect(estimate.usefulShare > 0.95, "\(estimate.usefulShare) of \(sequence), seed \(seed)")
        }
        #expect(PackingEstimate(tokens: [1, 0], sequence: 8, seed: 1).usefulShare == 0)
    }
}
