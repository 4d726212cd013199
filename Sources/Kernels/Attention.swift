import CKernels

/// Causal attention over paged keys and values, heads in groups that share one key-value head.
///
///     Attention(cache: cache, layer: 3, heads: 14, scale: 0.125)
///         .compute([run], queries: q, into: y, on: pool)
///
/// The token at position p sees positions max(0, p - window + 1)...p. Scores are q.k * scale, then
/// softCap * tanh(score / softCap) when there is a cap. Partial sums are formed over fixed segments of 512 positions
/// and merged in order: a token's result is the same, bit for bit, alone or in any batch, on any number of workers.
public struct Attention {
    public var cache: KVStorage
    public var layer: Int
    public var heads: Int
    public var scale: Float
    public var softCap: Float?
    public var window: Int?

    public init(cache: KVStorage, layer: Int, heads: Int, scale: Float, softCap: Float? = nil, window: Int? = nil) {
        self.cache = cache
        self.layer = layer
        self.heads = heads
        self.scale = scale
        self.softCap = softCap
        self.window = window
    }

    /// Rows (tokens x heads of a group) that one piece of work takes.
    private static let rowsMax = 64

    /// A piece of one run: some tokens of one kv head.
    private struct Item {
        var run: Int
        var kvHead: Int32
        var tokens: Range<Int>
        var segments: Range<Int>
        var firstPartial: Int
    }

    /// queries: rows x heads * keyDim; output: rows x heads * valueDim. Keys and values are stored already.
    ///
    /// - Precondition: shapes fit, every page table covers its run, and `heads` is a multiple of the kv heads.
    public func compute(_ runs: [AttentionRun], queries: Matrix, into output: Matrix, on pool: WorkerPool) {
        let shape = cache.layers[layer]
        precondition(heads % shape.kvHeads == 0, "\(heads) heads, \(shape.kvHeads) kv heads")
        precondition(
            queries.columns == heads * shape.keyDim && output.columns == heads * shape.valueDim
                && output.rows == queries.rows, "queries \(queries.shape), output \(output.shape)")
        precondition((window ?? 1) > 0 && (softCap ?? 1) > 0, "window \(window ?? 0), cap \(softCap ?? 0)")
        for run in runs {
            precondition(run.firstRow >= 0 && run.firstRow + run.tokens <= queries.rows, "a run outside the queries")
            cache.check(run.pages, positions: run.firstPosition + run.tokens)
        }
        let group = heads / shape.kvHeads
        let items = items(runs, group: group, kvHeads: shape.kvHeads)
        let parallelSegments = items.count < 4 * pool.threads && items.contains { $0.segments.count > 1 }
        let plan = Plan(
            attention: self, runs: runs, queries: queries, output: output, items: items, group: group,
            splitsSegments: parallelSegments, pool: pool)
        plan.execute()
    }

    private func items(_ runs: [AttentionRun], group: Int, kvHeads: Int) -> [Item] {
        var items: [Item] = []
        var partials = 0
        let block = max(1, Self.rowsMax / group)
        let segment = Int(DK_SEGMENT_TOKENS)
        for (index, run) in runs.enumerated() {
            for first in stride(from: 0, to: run.tokens, by: block) {
                let tokens = first..<min(run.tokens, first + block)
                let position = run.firstPosition + first
                let lowest = window.map { max(0, position - $0 + 1) } ?? 0
                let segments = lowest / segment..<(run.firstPosition + tokens.upperBound - 1) / segment + 1
                for head in 0..<kvHeads {
                    items.append(
                        Item(
                            run: index, kvHead: Int32(head), tokens: tokens, segments: segments, firstPartial: partials)
                    )
                    partials += segments.count
                }
            }
        }
        return items
    }

    /// One call's work, laid out for the workers.
    private struct Plan {
        let attention: Attention
        let runs: [AttentionRun]
        let queries: Matrix
        let output: Matrix
        let items: [Item]
        let group: Int
        let splitsSegments: Bool
        let pool: WorkerPool
        let kernels = Kernels.current

        private var shape: KVStorage.Layer { attention.cache.layers[attention.layer] }
        private var padded: Int { (shape.valueDim + 15) / 16 * 16 }
        private var partialFloats: Int { rows * (padded + 16) }
        private var rows: Int { (items.map { $0.tokens.count }.max() ?? 0) * group }

        func execute() {
            guard let last = items.last else { return }
            let work = Int(dk_attention_scratch_bytes(Int64(rows), Int32(shape.keyDim), Int32(shape.valueDim)))
            pool.reserveScratch(bytes: work + 2 * partialFloats * 4 + 64)
            if splitsSegments {
                executeBySegment(count: last.firstPartial + last.segments.count)
                return
            }
            let attendWhole = { (index: Int, worker: Int) in
                // The longest pieces, the last tokens, first: the end of the region is then even.
                let item = items[items.count - 1 - index]
                let scratch = pool.scratch(worker: worker, bytes: work + 2 * partialFloats * 4)
                let sum = scratch.assumingMemoryBound(to: Float.self)
                let next = sum + partialFloats
                for segment in item.segments {
                    attend(item, segment, segment == item.segments.lowerBound ? sum : next, next + partialFloats)
                    if segment > item.segments.lowerBound {
                        kernels.merge(sum, next, Int64(item.tokens.count * group), Int32(shape.valueDim))
                    }
                }
                finish(item, sum)
            }
            if isSmall {
                for index in items.indices { attendWhole(index, 0) }
            } else {
                pool.forEach(count: items.count, attendWhole)
            }
        }

        /// One worker alone is quicker than waking the others and fetching queries and keys into their caches.
        private var isSmall: Bool {
            let pairs = runs.reduce(0) { $0 + $1.tokens * ($1.firstPosition + $1.tokens) }
            return pairs * attention.heads * (shape.keyDim + shape.valueDim) < Self.multiplicationsAloneMax
        }

        private static let multiplicationsAloneMax = 250_000

        /// Few tokens, many positions: every segment is a piece of its own; a second step merges.
        private func executeBySegment(count: Int) {
            let partials = pool.shared(.partials, bytes: count * partialFloats * 4).assumingMemoryBound(to: Float.self)
            var owners: [Int] = []
            for (index, item) in items.enumerated() { owners += Array(repeating: index, count: item.segments.count) }
            pool.forEach(count: count) { index, worker in
                let item = items[owners[index]]
                let segment = item.segments.lowerBound + index - item.firstPartial
                attend(item, segment, partials + index * partialFloats, pool.scratch(worker: worker, bytes: 0))
            }
            for item in items {
                let sum = partials + item.firstPartial * partialFloats
                for index in 1..<max(1, item.segments.count) {
                    kernels.merge(
                        sum, sum + index * partialFloats, Int64(item.tokens.count * group), Int32(shape.valueDim))
                }
                finish(item, sum)
            }
        }

        private func attend(
            _ item: Item, _ segment: Int, _ partial: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutableRawPointer
        ) {
            let run = runs[item.run]
            let size = Int(DK_SEGMENT_TOKENS)
            let lowest = attention.window.map { max(0, run.firstPosition + item.tokens.lowerBound - $0 + 1) } ?? 0
            let begin = max(segment * size, lowest)
            let end = min((segment + 1) * size, run.firstPosition + item.tokens.upperBound)
            run.pages.withUnsafeBufferPointer { pages in
                var job = dk_attention(
                    queries: queries.pointer + run.firstRow * queries.stride, query_stride: Int64(queries.stride),
                    output: nil, output_stride: 0, keys: attention.cache.keyBase(attention.layer),
                    values: attention.cache.valueBase(attention.layer), pages: pages.baseAddress,
                    tokens: Int64(run.tokens), first_position: Int64(run.firstPosition),
                    kv_heads: Int32(shape.kvHeads), group: Int32(group), key_dim: Int32(shape.keyDim),
                    value_dim: Int32(shape.valueDim), window: Int32(clamping: attention.window ?? 0),
                    scale: attention.scale, soft_cap: attention.softCap ?? 0, element: attention.cache.element.type)
                kernels.attend(
                    &job, item.kvHead, Int64(item.tokens.lowerBound), Int64(item.tokens.upperBound), Int64(begin),
                    Int64(end), partial, scratch)
            }
        }

        /// Divides the sums by their weights and writes them out.
        private func finish(_ item: Item, _ sum: UnsafeMutablePointer<Float>) {
            let run = runs[item.run]
            for row in 0..<item.tokens.count * group {
                let source = sum + row * (padded + 16)
                let head = Int(item.kvHead) * group + row % group
                let token = run.firstRow + item.tokens.lowerBound + row / group
                let target = output.pointer + token * output.stride + head * shape.valueDim
                target.update(from: source, count: shape.valueDim)
                kernels.scale(target, 1 / source[padded + 1], Int64(shape.valueDim))
            }
        }
    }
}

/// New tokens of one sequence, whose queries are rows firstRow ..< firstRow + tokens.
public struct AttentionRun: Sendable {
    public var firstRow: Int
    public var tokens: Int
    public var firstPosition: Int
    public var pages: [Int32]

    public init(firstRow: Int, tokens: Int, firstPosition: Int, pages: [Int32]) {
        self.firstRow = firstRow
        self.tokens = tokens
        self.firstPosition = firstPosition
        self.pages = pages
    }
}
