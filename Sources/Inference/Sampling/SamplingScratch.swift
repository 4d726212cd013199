import Kernels

/// Memory that one worker needs to sample: a copy of a row.
///
/// Not thread-safe: one for each worker.
package final class SamplingScratch {
    /// One row of the vocabulary.
    let row: Matrix

    package init(vocabularySize: Int) { row = Matrix(rows: 1, columns: vocabularySize) }
}
