import Inference
import Testing

@Suite struct PagePoolTests {
    @Test func handsEachPageOutOnce() {
        var pool = PagePool(count: 5)
        let pages = (0..<5).compactMap { _ in pool.take() }
        #expect(pages == [0, 1, 2, 3, 4])
        #expect(pool.take() == nil && pool.free == 0)
    }

    @Test func usesWarmPagesFirst() {
        var pool = PagePool(count: 5)
        let first = pool.take()
        _ = pool.take()
        if let first { pool.give(first) }
        #expect(pool.take() == first)
        #expect(pool.free == 3)
    }
}
