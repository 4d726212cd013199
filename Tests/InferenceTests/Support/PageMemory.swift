import Inference
import Kernels
import Testing

/// Stands for the cache: each page remembers which tokens were stored at which position in it.
struct PageMemory {
    private var slots: [[Int32?]]

    init(pages: Int) {
        slots = Array(repeating: Array(repeating: nil, count: KVStorage.pageTokens), count: pages)
    }

    mutating func copy(_ copy: Step.Copy) { slots[Int(copy.target)] = slots[Int(copy.source)] }

    mutating func store(_ run: Step.Run) {
        for (index, token) in run.tokens.enumerated() {
            let position = run.firstPosition + index
            slots[Int(run.pages[position / KVStorage.pageTokens])][position % KVStorage.pageTokens] = token
        }
    }

    /// The tokens at the first positions of a page table; nil where nothing was stored.
    func tokens(_ pages: [Int32], count: Int) -> [Int32?] {
        (0..<count).map { slots[Int(pages[$0 / KVStorage.pageTokens])][$0 % KVStorage.pageTokens] }
    }
}
