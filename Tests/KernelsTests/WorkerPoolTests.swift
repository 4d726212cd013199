import Kernels
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    @Test(arguments: [1, 2, 3, 5]) func everyItemRunsOnce(threads: Int) throws {
        let pool = try WorkerPool(threads: threads)
        for count in [0, 1, 2, 3, 17, 100] {
            let seen = (0..<count).map { _ in Counter() }
            pool.forEach(count: count) { item, worker in
                #expect(worker >= 0 && worker < threads)
                seen[item].add()
            }
            #expect(seen.allSatisfy { $0.value == 1 })
        }
    }

    @Test func regionsFollowOneAnotherWithoutLoss() throws {
        let pool = try WorkerPool(threads: 3)
        let total = Counter()
        for _ in 0..<20_000 { pool.run { _, _ in total.add() } }
        #expect(total.value == 60_000)
    }

    @Test func sleepersWakeAgain() throws {
        let pool = try WorkerPool(threads: 2)
        let total = Counter()
        for _ in 0..<50 {
            let until = ContinuousClock.now + .milliseconds(1)
            while ContinuousClock.now < until {}
            pool.run { _, _ in total.add() }
        }
        #expect(total.value == 100)
    }

    /// A worker that is held up keeps nobody from the rest of its share.
    @Test func othersTakeWhatASlowWorkerLeaves() throws {
        let pool = try WorkerPool(threads: 2)
        let others = Counter()
        pool.forEach(count: 100) { item, worker in
            if item == 0 {
                let until = ContinuousClock.now + .seconds(20)
                while others.value < 99, ContinuousClock.now < until {}
            } else {
                others.add()
            }
        }
        #expect(others.value == 99)
    }

    @Test func manyShortRegionsRunEveryItemOnce() throws {
        let pool = try WorkerPool(threads: 4)
        let sum = Counter()
        for round in 1...2_000 {
            pool.forEach(count: 7) { item, _ in sum.add(item) }
            #expect(sum.value == round * 21)
        }
    }

    @Test func poolsComeAndGo() throws {
        for _ in 0..<200 {
            let pool = try WorkerPool(threads: 2)
            pool.run { _, _ in }
        }
        #expect(throws: KernelsError.cannotStartThreads(count: 0)) { _ = try WorkerPool(threads: 0) }
    }

    @Test func nestedRegionsAreAProgrammersError() async {
        await #expect(processExitsWith: .failure) {
            let pool = try WorkerPool(threads: 2)
            pool.run { worker, _ in
                if worker == 0 { pool.run { _, _ in } }
            }
        }
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .sequentiallyConsistent) }
        func add(_ value: Int = 1) { count.add(value, ordering: .sequentiallyConsistent) }
    }
}
