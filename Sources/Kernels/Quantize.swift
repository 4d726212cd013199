import CKernels

/// Stores floats as `type`: rounded to nearest for F32, F16 and BF16; in blocks with the scales that lose least for
/// quantised types.
///
///     if let index = quantize(floats, as: .q4_K, into: bytes, on: pool) { … }    // element `index` does not fit
///
/// The bytes are the same for any number of threads and on every processor.
///
/// - Returns: nil when all is stored; else the place of the first element that is not finite or too large for the type
///   (65,504 where the type holds halves). The output is not to be used then.
/// - Precondition: `type.isStorable`; the floats are whole blocks, and `output` has their size.
public func quantize(
    _ source: UnsafeBufferPointer<Float>, as type: ElementType, into output: UnsafeMutableRawBufferPointer,
    on pool: WorkerPool? = nil
) -> Int? {
    precondition(type.isStorable, "\(type.name) is only read")
    precondition(output.count == type.bytes(elements: source.count), "\(output.count) bytes for \(source.count) floats")
    guard let floats = source.baseAddress, let bytes = output.baseAddress, !source.isEmpty else { return nil }
    let piece = 1 << 13
    let pieces = (source.count + piece - 1) / piece
    let bad = [Int64](unsafeUninitializedCapacity: pieces) { results, filled in
        filled = pieces
        func store(_ item: Int, _ results: UnsafeMutableBufferPointer<Int64>) {
            let start = item * piece
            results[item] = Kernels.table.pointee.quantize(
                type.rawValue, floats + start, bytes + type.bytes(elements: start),
                Int64(min(piece, source.count - start)))
        }
        guard let pool else { return (0..<pieces).forEach { store($0, results) } }
        let shared = results
        pool.forEach(count: pieces) { item, _ in store(item, shared) }
    }
    return bad.firstIndex { $0 >= 0 }.map { $0 * piece + Int(bad[$0]) }
}

/// `values` stored as `type`: F32, F16 and BF16 of any value, infinities too; blocks as above. Nil for types that are
/// only read, when the count is no whole number of blocks, and when a value does not fit a block.
public func quantize(_ values: [Float], as type: ElementType) -> [UInt8]? {
    guard type.isStorable, let bytes = type.bytesIfValid(elements: values.count) else { return nil }
    var isStored = true
    let result = [UInt8](unsafeUninitializedCapacity: bytes) { buffer, filled in
        isStored = values.withUnsafeBufferPointer { source in
            type.isFloat
                ? dk_store_floats(type.rawValue, source.baseAddress, buffer.baseAddress, Int64(values.count))
                : quantize(source, as: type, into: UnsafeMutableRawBufferPointer(buffer)) == nil
        }
        filled = bytes
    }
    return isStored ? result : nil
}

extension ElementType {
    /// Whether `quantize` makes it; the others are only read.
    public var isStorable: Bool {
        switch self {
        case .f32, .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_K, .q5_K, .q6_K: true
        case .q2_K, .q3_K, .iq4_nl, .iq4_xs: false
        }
    }
}
