import CKernels

/// The floats that `bytes` stand for, by the reference code.
///
/// - Throws: `KernelsError.wrongShape` when `bytes` is not exactly `count` elements of `type`.
public func dequantize(_ type: ElementType, _ bytes: ByteView, count: Int) throws(KernelsError) -> [Float] {
    guard type.bytesIfValid(elements: count) == bytes.count else {
        throw .wrongShape(
            operation: "expanding \(type.name)", expected: "the bytes of \(count) elements",
            actual: "\(bytes.count) bytes")
    }
    return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        bytes.withUnsafeBytes { source in
            if count > 0 { dk_dequantize(type.rawValue, source.baseAddress, buffer.baseAddress, Int64(count)) }
        }
        filled = count
    }
}
