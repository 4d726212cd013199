import Kernels

/// One micro-batch on its way through the network: what every layer needs to know.
struct Pass {
    let shape: Shape
    let batch: TrainingBatch
    /// Of each token within its document.
    let positions: [Int32]
    let angles: RotaryTable
    let attention: TrainingAttention
    let workspace: Workspace
    /// A pass that nobody wants any more hurries through: what it computes is worth nothing then.
    let stop: StopRequest?
    /// Share and key of adapters' dropout in this micro-batch; nil for none.
    let noise: (share: Double, key: UInt64)?
    private let pool: WorkerPool

    var threads: Int { pool.threads }
    var tokens: Int { batch.rows * batch.sequence }
    var blocks: Int { (tokens + shape.blockTokens - 1) / shape.blockTokens }

    init(
        _ batch: TrainingBatch, _ shape: Shape, angles: RotaryTable, attention: TrainingAttention,
        workspace: Workspace, pool: WorkerPool, stop: StopRequest? = nil, noise: (share: Double, key: UInt64)? = nil
    ) {
        self.stop = stop
        self.shape = shape
        self.batch = batch
        self.angles = angles
        self.attention = attention
        self.workspace = workspace
        self.pool = pool
        self.noise = noise
        positions = batch.documents.enumerated().map { Int32($0.offset % batch.sequence) - $0.element }
    }

    /// Tokens of a block.
    func range(_ block: Int) -> Range<Int> {
        block * shape.blockTokens..<min(tokens, (block + 1) * shape.blockTokens)
    }

    var isStopping: Bool { stop?.isStopping == true }

    /// Calls `body` for every item, on whichever worker is free; no more of them once a stop is asked for.
    func forEach(count: Int, _ body: (_ item: Int, _ worker: Int) -> Void) {
        pool.forEach(count: count) { item, worker in
            if stop?.isStopping != true { body(item, worker) }
        }
    }

    /// Calls `body` for every block of tokens.
    func eachBlock(_ body: (_ block: Int, _ rows: Range<Int>, _ memory: BlockView) -> Void) {
        forEach(count: blocks) { block, worker in
            let rows = range(block)
            body(block, rows, BlockView(workspace.blocks[worker], rows, shape, noise))
        }
    }

    /// Adds blocks' shares of a vector's gradient up, in order; nothing when it has none.
    func sumShares(_ shares: NumberMatrix, to gradient: NumberMatrix?) {
        if let gradient { TrainingOperations.addRows(shares.rows(0..<blocks), to: gradient) }
    }

    /// A worker's memory cut to a block's tokens. Wide ones have adapters' columns at their ends.
    struct BlockView {
        let normed: NumberMatrix
        let wideNormed: NumberMatrix
        let hidden: NumberMatrix
        let wideHidden: NumberMatrix
        let gateUp: NumberMatrix
        let wideGateUp: NumberMatrix
        let normGradient: NumberMatrix
        let noise: AdapterNoise?
        let quantized: QuantizedScratch?

        init(
            _ memory: Workspace.BlockMemory, _ rows: Range<Int>, _ shape: Shape,
            _ noise: (share: Double, key: UInt64)?
        ) {
            let local = 0..<rows.count
            wideNormed = memory.normed.rows(local)
            normed = wideNormed.columns(0..<shape.width)
            wideHidden = memory.hidden.rows(local)
            hidden = wideHidden.columns(0..<shape.inner)
            wideGateUp = memory.gateUp.rows(local)
            gateUp = wideGateUp.columns(0..<2 * shape.inner)
            normGradient = memory.normGradient.rows(local)
            quantized = memory.quantized
            if let noise, let room = memory.noise {
                self.noise = AdapterNoise(
                    share: noise.share, key: noise.key, first: rows.lowerBound, kept: room.kept, slope: room.slope)
            } else {
                self.noise = nil
            }
        }
    }
}
