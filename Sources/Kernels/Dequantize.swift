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

/// `values` stored as `type`: F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0 or Q5_1. Nil for other types, and when
/// the count is no whole number of blocks.
public func quantize(_ values: [Float], as type: ElementType) -> [UInt8]? {
    guard let bytes = type.bytesIfValid(elements: values.count) else { return nil }
    var done = false
    let result = [UInt8](unsafeUninitializedCapacity: bytes) { buffer, filled in
        done = values.withUnsafeBufferPointer { source in
            dk_quantize(type.rawValue, source.baseAddress, buffer.baseAddress, Int64(values.count))
        }
        filled = done ? bytes : 0
    }
    return done ? result : nil
}
