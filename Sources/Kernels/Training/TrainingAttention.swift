import CKernels

/// Causal attention inside documents, for training: one sequence and one key-value head a call.
///
///     let attention = TrainingAttention(heads: 8, kvHeads: 2, headDim: 64, scale: 0.125)
///     attention.forward(rows: 0..<512, kvHead: 1, documents: documents, tensors, scratch: scratch[worker])
///
/// Queries and keys are normed and rotated already. Memory is linear in the length.
package struct TrainingAttention: Sendable {
    package let heads: Int
    package let kvHeads: Int
    package let headDim: Int
    package let scale: Float

    package init(heads: Int, kvHeads: Int, headDim: Int, scale: Float) {
        precondition(heads % kvHeads == 0 && headDim % 32 == 0)
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.scale = scale
    }

    /// All tokens' rows: heads side by side.
    package struct Tensors: Sendable {
        package var queries: NumberMatrix
        package var keys: NumberMatrix
        package var values: NumberMatrix
        package var output: NumberMatrix
        /// [token][head]: the natural logarithm of the sum of e^score.
        package var logSums: NumberMatrix

        package init(
            queries: NumberMatrix, keys: NumberMatrix, values: NumberMatrix, output: NumberMatrix,
            logSums: NumberMatrix
        ) {
            self.queries = queries
            self.keys = keys
            self.values = values
            self.output = output
            self.logSums = logSums
        }
    }

    package struct Gradients: Sendable {
        package var output: NumberMatrix
        package var queries: NumberMatrix
        package var keys: NumberMatrix
        package var values: NumberMatrix

        package init(output: NumberMatrix, queries: NumberMatrix, keys: NumberMatrix, values: NumberMatrix) {
            self.output = output
            self.queries = queries
            self.keys = keys
            self.values = values
        }
    }

    /// Memory of one worker for sequences of up to `tokens`.
    ///
    /// - Throws: `KernelsError.outOfMemory`
    package func makeScratch(tokens: Int, precision: NumberPrecision) throws(KernelsError) -> NumberBuffer {
        var job = dk_training_attention()
        job.queries.bfloat = precision.isBFloat
        job.tokens = Int64(tokens)
        job.head_dim = Int64(headDim)
        let bytes = Int(TrainingKernels.table.pointee.attention_scratch_bytes(&job))
        return try NumberBuffer(count: bytes / 4, precision: .fp32)
    }

    /// - Parameters:
    ///   - rows: the sequence's tokens.
    ///   - documents: for each of them, where in the sequence its document begins.
    package func forward(
        rows: Range<Int>, kvHead: Int, documents: ArraySlice<Int32>, _ tensors: Tensors, scratch: NumberBuffer
    ) {
        documents.withUnsafeBufferPointer {
            var job = job(rows, kvHead, $0, tensors)
            check(job, scratch)
            TrainingKernels.table.pointee.attention(&job, scratch.pointer)
        }
    }

    /// From the output's gradient those of queries, keys and values, which are overwritten.
    package func backward(
        rows: Range<Int>, kvHead: Int, documents: ArraySlice<Int32>, _ tensors: Tensors, _ gradients: Gradients,
        scratch: NumberBuffer
    ) {
        let own = kvHead * headDim..<(kvHead + 1) * headDim
        let group = kvHead * groupColumns..<(kvHead + 1) * groupColumns
        documents.withUnsafeBufferPointer {
            var job = job(rows, kvHead, $0, tensors)
            job.output_gradient = gradients.output.rows(rows).columns(group).values
            job.query_gradient = gradients.queries.rows(rows).columns(group).values
            job.key_gradient = gradients.keys.rows(rows).columns(own).values
            job.value_gradient = gradients.values.rows(rows).columns(own).values
            check(job, scratch)
            TrainingKernels.table.pointee.attention_backward(&job, scratch.pointer)
        }
    }

    private var group: Int { heads / kvHeads }
    private var groupColumns: Int { group * headDim }

    private func job(
        _ rows: Range<Int>, _ kvHead: Int, _ documents: UnsafeBufferPointer<Int32>, _ tensors: Tensors
    ) -> dk_training_attention {
        precondition(documents.count == rows.count, "\(documents.count) documents for \(rows.count) tokens")
        precondition(tensors.queries.precision == tensors.values.precision)
        let own = kvHead * headDim..<(kvHead + 1) * headDim
        let columns = kvHead * groupColumns..<(kvHead + 1) * groupColumns
        let sums = tensors.logSums.rows(rows).columns(kvHead * group..<(kvHead + 1) * group)
        var job = dk_training_attention()
        job.queries = tensors.queries.rows(rows).columns(columns).values
        job.keys = tensors.keys.rows(rows).columns(own).values
        job.values = tensors.values.rows(rows).columns(own).values
        job.output = tensors.output.rows(rows).columns(columns).values
        job.log_sums = sums.floats
        job.log_sum_row = Int64(sums.stride)
        job.documents = documents.baseAddress
        job.tokens = Int64(rows.count)
        job.head_dim = Int64(headDim)
        job.group = Int64(group)
        job.scale = scale
        return job
    }

    private func check(_ job: dk_training_attention, _ scratch: NumberBuffer) {
        var job = job
        precondition(
            TrainingKernels.table.pointee.attention_scratch_bytes(&job) <= scratch.bytes, "scratch of attention")
    }
}
