/// Cells of a double array being filled (see `TokenTrie`), with a list of those that are free.
///
/// Always whole blocks of 256 cells, so that a base ^ byte stays inside. Cell 0 belongs to nobody.
struct DoubleArray {
    private(set) var cells: [UInt64] = []
    private var isTaken: [Bool] = []
    private var nextFree: [Int] = []
    private var previousFree: [Int] = []
    private var firstFree = -1
    private var lastFree = -1

    init() {
        grow()
        take(0, parent: 0)
    }

    var count: Int { cells.count }

    /// A base for which the cells of all these bytes are free: among the first free ones, or in a new block.
    mutating func base(for bytes: [UInt8], triesMax: Int) -> Int? {
        guard let first = bytes.first else { return nil }
        var place = firstFree
        var tries = 0
        while place >= 0, tries < triesMax {
            let base = place ^ Int(first)
            if bytes.allSatisfy({ !isTaken[base ^ Int($0)] }) { return base }
            place = nextFree[place]
            tries += 1
        }
        let base = cells.count
        grow()
        return base
    }

    mutating func setBase(_ base: Int, at place: Int) {
        cells[place] = cells[place] & 0xFFFF_FFFF_0000_0000 | UInt64(base)
    }

    /// Gives a free cell to a node; its children are nowhere yet.
    mutating func take(_ place: Int, parent: Int) {
        cells[place] = UInt64(parent) << 32
        isTaken[place] = true
        let next = nextFree[place]
        let previous = previousFree[place]
        if previous >= 0 { nextFree[previous] = next } else { firstFree = next }
        if next >= 0 { previousFree[next] = previous } else { lastFree = previous }
    }

    private mutating func grow() {
        for place in cells.count..<cells.count + 256 {
            // No node has this parent, so a free cell is no one's child.
            cells.append(UInt64(UInt32.max) << 32)
            isTaken.append(false)
            nextFree.append(-1)
            previousFree.append(lastFree)
            if lastFree >= 0 { nextFree[lastFree] = place } else { firstFree = place }
            lastFree = place
        }
    }
}
