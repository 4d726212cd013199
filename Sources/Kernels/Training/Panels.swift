import CKernels

/// One factor of a product, rearranged: 32 rows of it side by side, unit by unit (a unit is one float or two bf16).
///
///     weight (rows x columns)                  panels
///     y = x Wᵀ:  pack(rowsOf: w)               lanes are W's rows, units run along its columns
///     dx = dy W: pack(columnsOf: w, at: 0)     lanes are W's columns, units run along its rows
///
/// docs/training-kernels.md draws them. Lanes and units beyond the matrix are zero.
package final class Panels: @unchecked Sendable {
    // Sendable: the memory's address is constant; callers write disjoint parts, and read after a region has ended.
    /// Rows of the factor, which become columns of the product; a multiple of 32.
    package let lanes: Int
    /// Terms of each sum; even.
    package let depth: Int
    package let precision: NumberPrecision
    private let memory: Memory

    package static let lanesOfPanel = Int(DK_PANEL_ROWS)

    /// For `lanes` rows of `depth` numbers, both rounded up.
    ///
    /// - Throws: `KernelsError.outOfMemory`
    package init(lanes: Int, depth: Int, precision: NumberPrecision) throws(KernelsError) {
        self.lanes = (lanes + 31) / 32 * 32
        self.depth = (depth + 1) / 2 * 2
        self.precision = precision
        let bytes = self.lanes * self.depth * precision.bytes
        guard let memory = Memory(zeroed: bytes) else { throw .outOfMemory(operation: "panels", bytes: bytes) }
        self.memory = memory
    }

    package var bytes: Int { memory.count }
    package var count: Int { lanes / 32 }
    var units: Int { depth / precision.unitElements }

    func panel(_ index: Int) -> UnsafeMutablePointer<UInt32> { memory.pointer(UInt32.self) + index * units * 32 }

    /// Rows of `matrix` (a multiple of 16 starts the range) to their lanes; its columns are terms from `first` on.
    package func pack(rowsOf matrix: NumberMatrix, _ rows: Range<Int>, at first: Int = 0) {
        precondition(matrix.rows <= lanes && first + matrix.columns <= depth, "\(matrix.shape) in \(lanes) x \(depth)")
        precondition(rows.lowerBound % 16 == 0 && rows.upperBound <= matrix.rows && matrix.columns % 32 == 0)
        precondition(first >= 0 && first % 2 == 0)
        var values = matrix.values
        TrainingKernels.table.pointee.pack_rows(
            &values, Int64(rows.lowerBound), Int64(rows.upperBound), Int64(matrix.columns), precision.isBFloat,
            Int64(units), panel(0) + first / precision.unitElements * 32)
    }

    /// Rows of `matrix` to the lanes from `lane` (a multiple of 32) on; its columns are terms from 0 on.
    package func pack(rowsOf matrix: NumberMatrix, atLane lane: Int) {
        precondition(lane >= 0 && lane % 32 == 0 && lane + matrix.rows <= lanes && matrix.columns <= depth)
        precondition(matrix.columns % 32 == 0, "\(matrix.shape)")
        var values = matrix.values
        TrainingKernels.table.pointee.pack_rows(
            &values, 0, Int64(matrix.rows), Int64(matrix.columns), precision.isBFloat, Int64(units),
            panel(lane / 32))
    }

    /// Terms of 32 rows, which are panel `index` of `rows`, to their place: as `pack(columnsOf:at:)` would have it.
    ///
    /// - Parameter columns: of the matrix, which are lanes here.
    package func turn(_ index: Int, of rows: Panels, columns: Int) {
        precondition(columns <= rows.depth && columns <= lanes && (index + 1) * 32 <= depth && index < rows.count)
        precondition(precision == rows.precision && columns % 32 == 0, "\(columns) columns")
        TrainingKernels.table.pointee.turn_panel(
            rows.panel(index), Int64(columns), precision.isBFloat, Int64(units),
            panel(0) + index * 32 / precision.unitElements * 32)
    }

    /// Columns of `matrix` to their lanes; its rows are terms from `first` (even) on.
    package func pack(columnsOf matrix: NumberMatrix, at first: Int) {
        precondition(matrix.columns <= lanes && first + matrix.rows <= depth, "\(matrix.shape) in \(lanes) x \(depth)")
        precondition(first % 2 == 0 && matrix.columns % 32 == 0)
        var values = matrix.values
        TrainingKernels.table.pointee.pack_columns(
            &values, 0, Int64(matrix.rows), Int64(matrix.columns), precision.isBFloat, Int64(units),
            panel(0) + first / precision.unitElements * 32)
    }
}
