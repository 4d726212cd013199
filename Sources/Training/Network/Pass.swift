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
    let pool: WorkerPool

    var tokens: Int { batch.rows * batch.sequence }
    var blocks: Int { (tokens + Shape.blockTokens - 1) / Shape.blockTokens }

    init(
        _ batch: TrainingBatch, _ shape: Shape, angles: RotaryTable, attention: TrainingAttention,
        workspace: Workspace, pool: WorkerPool
    ) {
        self.shape = shape
        self.batch = batch
        self.angles = angles
        self.attention = attention
        self.workspace = workspace
        self.pool = pool
        positions = batch.documents.enumerated().map { Int32($0.offset % batch.sequence) - $0.element }
    }

    /// Tokens of a block.
    func range(_ block: Int) -> Range<Int> {
        block * Shape.blockTokens..<min(tokens, (block + 1) * Shape.blockTokens)
    }

    /// Calls `body` for every block of tokens, on whichever worker is free.
    func eachBlock(_ body: (_ block: Int, _ rows: Range<Int>, _ memory: BlockView) -> Void) {
        pool.forEach(count: blocks) { block, worker in
            let rows = range(block)
            body(block, rows, BlockView(workspace.blocks[worker], rows: rows.count))
        }
    }

    /// Adds blocks' shares of a norm's gradient up, in order.
    func sumShares(_ shares: NumberMatrix, to gradient: NumberMatrix) {
        TrainingOperations.addRows(shares.rows(0..<blocks), to: gradient)
    }

    /// A worker's memory cut to a block's tokens.
    struct BlockView {
        let normed: NumberMatrix
        let hidden: NumberMatrix
        let gateUp: NumberMatrix
        let normGradient: NumberMatrix

        init(_ memory: Workspace.BlockMemory, rows: Int) {
            normed = memory.normed.rows(0..<rows)
            hidden = memory.hidden.rows(0..<rows)
            gateUp = memory.gateUp.rows(0..<rows)
            normGradient = memory.normGradient.rows(0..<rows)
        }
    }
}
