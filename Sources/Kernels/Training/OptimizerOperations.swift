import CKernels

/// One pass over ranges of flat buffers, by the calling worker.
package enum OptimizerOperations {
    /// What one step of AdamW needs; decay is of the parameters this step, the learning rate included.
    package struct AdamW: Sendable {
        package var learningRate: Float
        package var beta1: Float
        package var beta2: Float
        package var epsilon: Float
        package var decay: Float
        /// From 1 on.
        package var step: Int
        package var gradientScale: Float

        package init(
            learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float, step: Int,
            gradientScale: Float
        ) {
            self.learningRate = learningRate
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.decay = decay
            self.step = step
            self.gradientScale = gradientScale
        }

        var settings: dk_adamw {
            dk_adamw(
                learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
                correction1: Self.correction(beta1, step), correction2: Self.correction(beta2, step),
                gradient_scale: gradientScale)
        }

        /// 1 - beta^step
        private static func correction(_ beta: Float, _ step: Int) -> Float {
            var (power, base, left) = (1.0, Double(beta), step)
            while left > 0 {
                if left & 1 == 1 { power *= base }
                base *= base
                left >>= 1
            }
            return Float(1 - power)
        }
    }

    package static func adamw(
        _ range: Range<Int>, parameters: FloatBuffer, gradients: FloatBuffer, first: FloatBuffer, second: FloatBuffer,
        momentsAt moments: Int, _ step: AdamW
    ) {
        check(range, parameters, gradients)
        precondition(moments >= 0 && moments + range.count <= first.count && first.count == second.count)
        var settings = step.settings
        TrainingKernels.table.pointee.adamw(
            parameters.pointer + range.lowerBound, gradients.pointer + range.lowerBound, first.pointer + moments,
            second.pointer + moments, Int64(range.count), &settings)
    }

    /// average = m * average + (1 - m) * scale * gradient; update = the same mix of the new average and the gradient.
    package static func momentum(
        _ range: Range<Int>, gradients: FloatBuffer, average: FloatBuffer, averageAt offset: Int, momentum: Float,
        gradientScale: Float, update: NumberMatrix, updateAt place: Int
    ) {
        precondition(range.upperBound <= gradients.count && offset + range.count <= average.count)
        precondition(place + range.count <= update.rows * update.columns)
        TrainingKernels.table.pointee.momentum(
            gradients.pointer + range.lowerBound, average.pointer + offset, update.contiguousFloats + place,
            Int64(range.count), momentum, gradientScale)
    }

    /// x = factor * x + otherFactor * y, row by row.
    package static func blend(_ x: NumberMatrix, _ factor: Float, _ y: NumberMatrix, _ otherFactor: Float) {
        precondition(x.rows == y.rows && x.columns == y.columns)
        for row in 0..<x.rows {
            TrainingKernels.table.pointee.blend(
                x.floats + row * x.stride, factor, y.floats + row * y.stride, otherFactor, Int64(x.columns))
        }
    }

    package static func sumOfSquares(_ buffer: FloatBuffer, _ range: Range<Int>) -> Double {
        precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
        return TrainingKernels.table.pointee.sum_of_squares(buffer.pointer + range.lowerBound, Int64(range.count))
    }

    package static func zero(_ buffer: FloatBuffer, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
        (buffer.pointer + range.lowerBound).update(repeating: 0, count: range.count)
    }

    private static func check(_ range: Range<Int>, _ buffers: FloatBuffer...) {
        for buffer in buffers { precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "\(range)") }
    }
}
