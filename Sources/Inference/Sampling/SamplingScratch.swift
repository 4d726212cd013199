import Kernels

/// Memory that one worker needs to sample: a copy of a row, and keys of the tokens in the running.
///
/// Not thread-safe: one for each worker.
package final class SamplingScratch {
    /// One row of the vocabulary.
    let row: Matrix
    var keys: [UInt64] = []

    package init(vocabularySize: Int) { row = Matrix(rows: 1, columns: vocabularySize) }
}
