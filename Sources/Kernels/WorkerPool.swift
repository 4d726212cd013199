import CKernels

/// Threads that wait cheaply for numeric work: a short spin, then sleep in the kernel.
///
///     let pool = try WorkerPool(threads: 2)
///     pool.forEach(count: 100) { item, worker in … }       // each item once, by whoever is free
///     pool.run { worker, workers in … }                    // once on every worker
///
/// The calling thread is worker 0. One region at a time: a call from inside a region, or from two threads at once,
/// is a programmer's error. A worker takes neighbouring items of its own share, several at once while there are
/// many, and then what is left of others' shares, one by one: a worker that a busy neighbour pushes off its core delays
/// the others by what it has taken.
public final class WorkerPool: @unchecked Sendable {
    // Sendable: the C pool synchronises itself; `scratch` is used only inside regions, one slot a worker.
    public let threads: Int
    private let pool: OpaquePointer
    private var scratch: [Memory?]
    private var shared: [Memory?]

    /// - Throws: `KernelsError.cannotStartThreads`.
    public init(threads: Int) throws(KernelsError) {
        guard threads >= 1, threads <= WorkerPool.threadsMax, let pool = dk_pool_create(Int32(threads)) else {
            throw .cannotStartThreads(count: threads)
        }
        self.pool = pool
        self.threads = threads
        scratch = Array(repeating: nil, count: threads)
        shared = Array(repeating: nil, count: Slot.allCases.count)
    }

    deinit { dk_pool_destroy(pool) }

    /// Threads of one pool at most.
    public static let threadsMax = 256

    /// Runs `body(worker, workers)` once on every worker; returns when all are done.
    public func run(_ body: (_ worker: Int, _ workers: Int) -> Void) { run(items: 0, body) }

    private func run(items: Int, _ body: (_ worker: Int, _ workers: Int) -> Void) {
        let ran = withoutActuallyEscaping(body) { escaping in
            withUnsafePointer(to: escaping) { pointer in
                dk_pool_run(
                    pool, Int64(items),
                    { context, worker, workers in
                        guard let context else { return }
                        let body = context.assumingMemoryBound(to: ((Int, Int) -> Void).self)
                        body.pointee(Int(worker), Int(workers))
                    }, UnsafeMutableRawPointer(mutating: pointer))
            }
        }
        precondition(ran, "a worker pool runs one region at a time; this one is busy")
    }

    /// Runs `body(item, worker)` for every item of 0..<count, each once, on whichever worker is free.
    public func forEach(count: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
        forEachRange(count: count, starting: { _ in }) { items, worker in
            for item in items { body(item, worker) }
        }
    }

    /// The same, neighbouring items together; each worker calls `starting` before its first ones.
    func forEachRange(
        count: Int, starting: (_ worker: Int) -> Void, _ body: (_ items: Range<Int>, _ worker: Int) -> Void
    ) {
        precondition(count <= Int32.max, "\(count) items in one region")
        guard count > 1, threads > 1 else {
            if count > 0 {
                starting(0)
                body(0..<count, 0)
            }
            return
        }
        run(items: count) { worker, _ in
            var taken: Int64 = 0
            var first = Int(dk_pool_take(pool, Int32(worker), &taken))
            if first >= 0 { starting(worker) }
            while first >= 0 {
                body(first..<first + Int(taken), worker)
                first = Int(dk_pool_take(pool, Int32(worker), &taken))
            }
        }
    }

    /// Things that the caller of a region prepares for all workers.
    enum Slot: Int, CaseIterable {
        case activations, partials
    }

    /// Memory of at least `bytes` bytes that belongs to a worker between calls; its content is not kept.
    func scratch(worker: Int, bytes: Int) -> UnsafeMutableRawPointer {
        precondition(bytes <= scratch[worker]?.count ?? 0, "scratch is reserved before the region")
        return scratch[worker].unsafelyUnwrapped.base
    }

    /// Makes sure that every worker has `bytes` bytes of scratch. Outside regions only.
    func reserveScratch(bytes: Int) {
        for worker in 0..<threads where scratch[worker]?.count ?? 0 < bytes {
            scratch[worker] = nil
            guard let memory = Memory(zeroed: bytes) else { preconditionFailure("no memory for \(bytes) bytes") }
            scratch[worker] = memory
        }
    }

    /// Memory shared by a region's workers. Outside regions only.
    func shared(_ slot: Slot, bytes: Int) -> UnsafeMutableRawPointer {
        if let memory = shared[slot.rawValue], memory.count >= bytes { return memory.base }
        shared[slot.rawValue] = nil
        guard let memory = Memory(zeroed: bytes) else { preconditionFailure("no memory for \(bytes) bytes") }
        shared[slot.rawValue] = memory
        return memory.base
    }
}
