import Kernels

/// A router, its experts, and the shared expert where there is one.
///
///     output = Σ share(e) * expert(e, x) + sigmoid(x · w) * shared(x)
struct ExpertFeedForward: Sendable {
    let configuration: ExpertConfiguration
    let router: WeightMatrix
    let gates: [WeightMatrix]
    let ups: [WeightMatrix]
    let downs: [WeightMatrix]
    let shared: Shared?
    let activation: DenseFeedForward.Activation

    struct Shared: Sendable {
        /// One row.
        let share: WeightMatrix
        let feedForward: DenseFeedForward
    }

    /// `output` is not `x`.
    func forward(_ x: Matrix, into output: Matrix, _ workspace: Workspace, on pool: WorkerPool) {
        let scores = workspace.matrix(workspace.scores, rows: x.rows, columns: router.rows)
        router.multiply(x, into: scores, on: pool)
        Operations.softmax(scores, on: pool)
        let routing = ExpertRouting(scores, configuration)
        for row in 0..<output.rows { output.withRow(row) { $0.update(repeating: 0) } }
        if x.rows == 1 {
            addTogether(routing.choices[0], x, to: output, workspace, on: pool)
        } else {
            for (expert, visits) in routing.visits(experts: router.rows).enumerated() where !visits.isEmpty {
                add(expert, visits, x, to: output, workspace, on: pool)
            }
        }
        addShared(x, to: output, workspace, on: pool)
    }

    /// One token: all its experts' first products are one parallel region.
    private func addTogether(
        _ choices: [ExpertRouting.Choice], _ x: Matrix, to output: Matrix, _ workspace: Workspace,
        on pool: WorkerPool
    ) {
        let width = configuration.feedForwardDim
        let gated = workspace.matrix(workspace.gate, rows: choices.count, columns: width)
        let upped = workspace.matrix(workspace.up, rows: choices.count, columns: width)
        let products = choices.enumerated().flatMap { row, choice in
            [(gates[choice.expert], gated.rows(row..<row + 1)), (ups[choice.expert], upped.rows(row..<row + 1))]
        }
        WeightMatrix.multiply(x, by: products, on: pool)
        activation.apply(gate: gated, up: upped, on: pool)
        let result = workspace.matrix(workspace.expertOutput, rows: 1, columns: output.columns)
        for (row, choice) in choices.enumerated() {
            downs[choice.expert].multiply(gated.rows(row..<row + 1), into: result, on: pool)
            Operations.addScaled(output, result, factor: choice.share)
        }
    }

    /// One expert, all its tokens.
    private func add(
        _ expert: Int, _ visits: [ExpertRouting.Visit], _ x: Matrix, to output: Matrix, _ workspace: Workspace,
        on pool: WorkerPool
    ) {
        let input = workspace.matrix(workspace.expertInput, rows: visits.count, columns: x.columns)
        for (row, visit) in visits.enumerated() {
            input.rows(row..<row + 1).assign(x.rows(visit.row..<visit.row + 1))
        }
        let result = workspace.matrix(workspace.expertOutput, rows: visits.count, columns: x.columns)
        DenseFeedForward(gate: gates[expert], up: ups[expert], down: downs[expert], activation: activation)
            .forward(input, into: result, .none(workspace, pool))
        for (row, visit) in visits.enumerated() {
            Operations.addScaled(
                output.rows(visit.row..<visit.row + 1), result.rows(row..<row + 1), factor: visit.share)
        }
    }

    private func addShared(_ x: Matrix, to output: Matrix, _ workspace: Workspace, on pool: WorkerPool) {
        guard let shared else { return }
        let shares = workspace.matrix(workspace.scores, rows: x.rows, columns: 1)
        shared.share.multiply(x, into: shares, on: pool)
        let exponentials = Operations.exponential(shares.copy().map { -$0 })
        let result = workspace.matrix(workspace.expertOutput, rows: x.rows, columns: x.columns)
        shared.feedForward.forward(x, into: result, .none(workspace, pool))
        for row in 0..<x.rows {
            Operations.addScaled(
                output.rows(row..<row + 1), result.rows(row..<row + 1), factor: 1 / (1 + exponentials[row]))
        }
    }
}
