import CKernels

/// What stands beside the products of a projection.
extension TrainingOperations {
    /// Every head of x turned by its row's position; y may be x. `isBack` turns the other way, which is the derivative.
    ///
    /// - Precondition: one position a row, within the angles.
    package static func rotate(
        _ x: NumberMatrix, headDim: Int, angles: RotaryTable, positions: ArraySlice<Int32>, isBack: Bool = false,
        into y: NumberMatrix
    ) {
        precondition(y.rows == x.rows && y.columns == x.columns && x.columns % headDim == 0, "heads of \(x.shape)")
        precondition(x.precision == y.precision && headDim == angles.pairs * 2 && positions.count == x.rows)
        precondition(headDim % 32 == 0, "heads of \(headDim)")
        var (source, out) = (x.values, y.values)
        positions.withUnsafeBufferPointer {
            kernels.rotate(
                &source, angles.cosines.pointer, angles.sines.pointer, $0.baseAddress, &out, Int64(x.rows),
                Int64(x.columns / headDim), Int64(headDim), isBack)
        }
    }

    /// Every row of x += the one row of the bias.
    package static func addBias(_ x: NumberMatrix, _ bias: NumberMatrix) {
        precondition(bias.columns == x.columns && x.columns % 16 == 0, "a bias of \(bias.columns) for \(x.shape)")
        var values = x.values
        kernels.add_bias(&values, bias.floats, Int64(x.rows), Int64(x.columns))
    }

    /// The bias's derivative: the one row of `sums` += all rows of x, in rising order.
    package static func addRows(of x: NumberMatrix, to sums: NumberMatrix) {
        precondition(sums.columns == x.columns && x.columns % 16 == 0, "\(x.shape) to \(sums.columns) sums")
        var values = x.values
        kernels.sum_rows(&values, sums.floats, Int64(x.rows), Int64(x.columns))
    }

    /// Numbers that are dropped, and by what the others grow, so that the sum is the same in the mean.
    package struct Dropout: Sendable {
        /// Of 65536.
        let zeros: UInt32
        let scale: Float
        /// What is dropped follows from key, row and column alone.
        let key: UInt64

        /// - Precondition: 0 <= share < 1
        package init(share: Double, key: UInt64) {
            precondition(share >= 0 && share < 1)
            zeros = UInt32(share * 65536)
            scale = Float(1 / (1 - Double(zeros) / 65536))
            self.key = key
        }
    }

    /// out = x with some numbers dropped. `first` is the number of x's first row.
    package static func drop(_ x: NumberMatrix, _ dropout: Dropout, first: Int, into out: NumberMatrix) {
        drop(x, dropout, first, out, adds: false)
    }

    /// The derivative: the gradient += those numbers of x that were kept.
    package static func addDropped(_ x: NumberMatrix, _ dropout: Dropout, first: Int, to gradient: NumberMatrix) {
        drop(x, dropout, first, gradient, adds: true)
    }

    private static func drop(_ x: NumberMatrix, _ dropout: Dropout, _ first: Int, _ out: NumberMatrix, adds: Bool) {
        precondition(x.rows == out.rows && x.columns == out.columns && x.columns % 16 == 0, "dropout of \(x.shape)")
        var (source, target) = (x.values, out.values)
        kernels.dropout(
            &source, &target, Int64(first), Int64(x.rows), Int64(x.columns), dropout.key, dropout.zeros, dropout.scale,
            adds)
    }
}
