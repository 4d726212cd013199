import Testing
import Training

struct TokenPiecesTests {
    /// Whole tiles, within the limit, and never a worker with much more than its share.
    @Test(arguments: [1, 2, 3, 4, 16]) func piecesAreTilesAndFair(threads: Int) {
        for count in [1, 12, 40, 96, 200, 205, 512, 1000, 1024, 2048, 8192] {
            let piece = TokenPieces.balanced(count, threads: threads, max: 96)
            #expect(piece % TokenPieces.tileRows == 0 && (12...96).contains(piece), "\(count)")
            let pieces = (count + piece - 1) / piece
            let longest = (pieces + threads - 1) / threads * piece
            #expect(longest <= count / threads + 96, "\(count) tokens in pieces of \(piece)")
        }
        #expect(TokenPieces.balanced(512, threads: 2, max: 96) == 84)
    }
}
