import Kernels

extension OutputFile {
    /// Adds floats of a tensor, stored as `type`.
    ///
    /// - Throws: `WeightsError.cannotWrite` when the disk is full, or a number is not finite or too large for the type;
    ///   F32 takes what is not finite as it is.
    func write(
        _ floats: UnsafeBufferPointer<Float>, as type: ElementType, tensor: String, on pool: WorkerPool?
    ) throws(WeightsError) {
        // The machines that this runs on are little-endian.
        if type == .f32 { return try write(UnsafeRawBufferPointer(floats)) }
        let pieceElements = 1 << 20
        for start in stride(from: 0, to: floats.count, by: pieceElements) {
            let piece = UnsafeBufferPointer(rebasing: floats[start..<min(start + pieceElements, floats.count)])
            var misfit: Int?
            let bytes = [UInt8](unsafeUninitializedCapacity: type.bytes(elements: piece.count)) { buffer, filled in
                misfit = quantize(piece, as: type, into: UnsafeMutableRawBufferPointer(buffer), on: pool)
                filled = buffer.count
            }
            if let misfit {
                throw context.cannotWrite(
                    "\(piece[misfit])", field: "tensor \(shown(tensor)), a number",
                    expected: "one that is finite and fits \(type.name)",
                    hint: "the training went astray, or the type is too small: take an earlier checkpoint, or F32")
            }
            try write(bytes)
        }
    }
}
