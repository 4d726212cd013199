import Kernels

/// Newton-Schulz iteration towards the nearest matrix whose singular values are all equal (about 1).
///
/// Wide X: A = X Xᵀ, X = a X + (b A + c A²) X. Tall X: A = Xᵀ X, X = a X + X (b A + c A²), the same thing transposed.
/// Coefficients of Jordan et al. (2024): after five rounds singular values lie between 0.7 and 1.2.
struct Orthogonalizer: Sendable {
    private static let coefficients: (a: Float, b: Float, c: Float) = (3.4445, -4.7750, 2.0315)
    private static let epsilon = 1e-7
    /// Rows that one piece of a product takes.
    private static let rowsOfPiece = 48

    private let iterations: Int
    private let plans: [Plan]

    /// Memory for matrices of one shape.
    private struct Plan: Sendable {
        let rows: Int
        let columns: Int
        let updateBuffer: FloatBuffer
        /// X in the products' precision: as it lies, and in panels.
        let values: NumberMatrix
        let factor: Panels
        /// The other direction's panels.
        let turned: Panels
        /// A, A² and then b A + c A², of the smaller side.
        let gram: NumberMatrix
        let square: NumberMatrix
        let squareValues: NumberMatrix
        let squareFactor: Panels
        private let memory: MatrixMemory

        var isWide: Bool { rows <= columns }
        var update: NumberMatrix { NumberMatrix(updateBuffer, rows: rows, columns: columns) }
        var side: Int { min(rows, columns) }

        init(_ shape: [Int], _ precision: Precision) throws(KernelsError) {
            (rows, columns) = (shape[0], shape[1])
            let side = min(rows, columns)
            var memory = MatrixMemory()
            updateBuffer = FloatBuffer(count: rows * columns)
            values = try memory.matrix(rows, columns, precision)
            factor = try Panels(lanes: rows, depth: columns, precision: precision)
            turned = try Panels(lanes: columns, depth: rows, precision: precision)
            gram = try memory.matrix(side, side, .fp32)
            square = try memory.matrix(side, side, .fp32)
            squareValues = try memory.matrix(side, side, precision)
            squareFactor = try Panels(lanes: side, depth: side, precision: precision)
            self.memory = memory
        }
    }

    init(shapes: [[Int]], iterations: Int, precision: Precision) throws(KernelsError) {
        self.iterations = iterations
        var plans: [Plan] = []
        for shape in shapes where !plans.contains(where: { [$0.rows, $0.columns] == shape }) {
            plans.append(try Plan(shape, precision))
        }
        self.plans = plans
    }

    /// Where a matrix of this shape is to be written before `orthogonalize`, and stands afterwards.
    func update(rows: Int, columns: Int) -> NumberMatrix { plan(rows, columns).update }

    func orthogonalize(_ update: NumberMatrix, on pool: WorkerPool) {
        let plan = plan(update.rows, update.columns)
        let buffer = plan.updateBuffer
        let inverse = Float(1 / max(Gradients.norm(buffer, pool: pool), Self.epsilon))
        eachPiece(plan.rows, pool) { rows in
            OptimizerOperations.blend(update.rows(rows), inverse, update.rows(rows), 0)
        }
        for _ in 0..<iterations {
            pack(plan, pool)
            polynomial(plan, pool)
            eachPiece(plan.rows, pool) { rows in
                let x = update.rows(rows)
                OptimizerOperations.blend(x, Self.coefficients.a, x, 0)
                if plan.isWide {
                    PanelProduct.multiply(plan.squareValues.rows(rows), by: plan.turned, into: x, adding: x)
                } else {
                    PanelProduct.multiply(plan.values.rows(rows), by: plan.squareFactor, into: x, adding: x)
                }
            }
        }
    }

    private func plan(_ rows: Int, _ columns: Int) -> Plan {
        guard let plan = plans.first(where: { $0.rows == rows && $0.columns == columns }) else {
            preconditionFailure("no plan for \(rows) x \(columns)")
        }
        return plan
    }

    private func pack(_ plan: Plan, _ pool: WorkerPool) {
        eachPiece(plan.rows, pool) { rows in
            TrainingOperations.convert(plan.update.rows(rows), into: plan.values.rows(rows))
            if plan.isWide { plan.factor.pack(rowsOf: plan.update, rows) }
            plan.turned.pack(columnsOf: plan.update.rows(rows), at: rows.lowerBound)
        }
    }

    /// b A + c A² of the smaller side, in `squareValues` and `squareFactor` (it is symmetric).
    private func polynomial(_ plan: Plan, _ pool: WorkerPool) {
        if plan.isWide {
            eachPiece(plan.side, pool) { rows in
                PanelProduct.multiply(plan.values.rows(rows), by: plan.factor, into: plan.gram.rows(rows))
            }
        } else {
            pool.forEach(count: plan.turned.count) { panel, _ in
                plan.gram.rows(panel * 32..<(panel + 1) * 32).zero()
                PanelProduct.add(
                    plan.turned, panel..<panel + 1, plan.turned, 0..<plan.turned.count, depth: plan.rows,
                    into: plan.gram)
            }
        }
        packSquare(plan, plan.gram, pool)
        eachPiece(plan.side, pool) { rows in
            let square = plan.square.rows(rows)
            PanelProduct.multiply(plan.squareValues.rows(rows), by: plan.squareFactor, into: square)
            OptimizerOperations.blend(square, Self.coefficients.c, plan.gram.rows(rows), Self.coefficients.b)
        }
        packSquare(plan, plan.square, pool)
    }

    private func packSquare(_ plan: Plan, _ matrix: NumberMatrix, _ pool: WorkerPool) {
        eachPiece(plan.side, pool) { rows in
            TrainingOperations.convert(matrix.rows(rows), into: plan.squareValues.rows(rows))
            plan.squareFactor.pack(rowsOf: matrix, rows)
        }
    }

    private func eachPiece(_ count: Int, _ pool: WorkerPool, _ body: (Range<Int>) -> Void) {
        pool.forEach(count: (count + Self.rowsOfPiece - 1) / Self.rowsOfPiece) { piece, _ in
            body(piece * Self.rowsOfPiece..<min(count, (piece + 1) * Self.rowsOfPiece))
        }
    }
}
