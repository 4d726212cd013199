/// The cheapest way through two texts in pairs of up to two items each: dynamic programming in a band
/// around the diagonal.
enum AlignmentPath {
    struct Step: Equatable {
        var bead: AlignmentCosts.Bead
        /// Where its items begin.
        var first: Int
        var second: Int
    }

    /// - Parameter band: how far from the diagonal the path may lie, in items of the second text.
    static func best(_ costs: AlignmentCosts, band: Int) -> [Step] {
        let (rows, columns) = (costs.first.count, costs.second.count)
        guard rows > 0 || columns > 0 else { return [] }
        let width = 2 * band + 1
        // Rows i − 2, i − 1 and i of path costs; of beads, all.
        var scores = [[Double]](repeating: [Double](repeating: .infinity, count: width), count: 3)
        var beads = [UInt8](repeating: .max, count: (rows + 1) * width)
        for i in 0...rows {
            let low = lowest(i, rows, columns, band)
            scores[i % 3] = [Double](repeating: .infinity, count: width)
            for j in low...min(columns, low + width - 1) {
                if i == 0, j == 0 {
                    scores[0][0] = 0
                    continue
                }
                var best = Double.infinity
                for bead in AlignmentCosts.Bead.allCases where i >= bead.first && j >= bead.second {
                    let row = i - bead.first
                    let column = j - bead.second - lowest(row, rows, columns, band)
                    guard (0..<width).contains(column), scores[row % 3][column] < best else { continue }
                    let cost = scores[row % 3][column] + costs.cost(bead, row, j - bead.second)
                    if cost < best {
                        best = cost
                        beads[i * width + j - low] = bead.rawValue
                    }
                }
                scores[i % 3][j - low] = best
            }
        }
        return steps(beads, rows, columns, band)
    }

    /// The first column of a row's band.
    private static func lowest(_ row: Int, _ rows: Int, _ columns: Int, _ band: Int) -> Int {
        let middle = rows == 0 ? columns : row * columns / rows
        return max(0, min(middle - band, columns - 2 * band))
    }

    private static func steps(_ beads: [UInt8], _ rows: Int, _ columns: Int, _ band: Int) -> [Step] {
        var steps: [Step] = []
        var (i, j) = (rows, columns)
        while i > 0 || j > 0 {
            let column = j - lowest(i, rows, columns, band)
            guard (0..<2 * band + 1).contains(column),
                let bead = AlignmentCosts.Bead(rawValue: beads[i * (2 * band + 1) + column])
            else { break }
            (i, j) = (i - bead.first, j - bead.second)
            steps.append(Step(bead: bead, first: i, second: j))
        }
        return steps.reversed()
    }
}
