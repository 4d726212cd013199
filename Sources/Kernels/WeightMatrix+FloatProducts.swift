import CKernels

extension WeightMatrix {
    /// One of several products that do not share their input.
    public struct Product {
        let input: Matrix
        let weight: WeightMatrix
        let output: Matrix

        /// - Precondition: the weights are F32, F16 or BF16; input is n x columns, output n x rows.
        public init(_ input: Matrix, _ weight: WeightMatrix, into output: Matrix) {
            precondition(weight.type.isFloat, "\(weight.type.name) weights, where floats are expected")
            Self.check(input, weight, output)
            self.input = input
            self.weight = weight
            self.output = output
        }

        static func check(_ input: Matrix, _ weight: WeightMatrix, _ output: Matrix) {
            precondition(
                input.columns == weight.columns && output.columns == weight.rows && output.rows == input.rows,
                "\(input.shape) times \(weight.rows) x \(weight.columns) transposed into \(output.shape)")
        }
    }

    /// Products with inputs of their own in one parallel region, or on this thread alone when they are small: what an
    /// adapter adds is worth less than waking the workers. Bits are those of `multiply(_:into:on:)`.
    public static func multiply(_ products: [Product], on pool: WorkerPool) {
        let jobs = products.filter { $0.input.rows > 0 }.map {
            Job(weight: $0.weight, input: $0.input, output: $0.output, threads: pool.threads)
        }
        let work = Work(jobs, workers: pool.threads)
        run(work, dk_activations(), on: pool, isSmall: work.multiplications < multiplicationsAloneMax)
    }

    /// Multiplications that take one thread about as long as a region takes to begin and end.
    private static let multiplicationsAloneMax = 40_000
}
