import CKernels

extension TrainingOperations {
    /// The floats that a tensor's bytes stand for, row after row.
    ///
    /// - Precondition: `bytes` are exactly out's numbers; fp32 rows without gaps.
    package static func dequantize(_ type: ElementType, _ bytes: ByteView, into out: NumberMatrix) {
        let count = out.rows * out.columns
        precondition(type.bytesIfValid(elements: count) == bytes.count, "\(bytes.count) bytes for \(out.shape)")
        let floats = out.contiguousFloats
        bytes.withUnsafeBytes { source in
            if count > 0 { dk_dequantize(type.rawValue, source.baseAddress, floats, Int64(count)) }
        }
    }
}
