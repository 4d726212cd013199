import JSON
import Kernels

/// Writes a safetensors file, tensor after tensor, without holding it in memory.
///
///     let writer = try SafetensorsWriter(
///         path: "weights.safetensors",
///         tensors: layout.entries.map { .init(name: $0.name, type: .f32, shape: $0.shape) })
///     for entry in layout.entries { try writer.write(entry.name, parameters, from: entry.offset) }
///     let written = try writer.finish()            // whole, synced and renamed
///
/// The header says what comes, so the tensors come in its order and whole. Until `finish` the file has another name
/// (`<name>.partial`), and goes with the writer when that is dropped unfinished. Data starts at a multiple of 64 bytes.
package final class SafetensorsWriter {
    private let file: OutputFile
    private var queue: TensorQueue

    /// - Parameters:
    ///   - metadata: `__metadata__`; transformers asks for `format` = `pt`.
    ///   - replaces: whether a file of that name may be there; it stays until the new one is whole.
    ///   - hashes: whether `finish` is to say the SHA-256.
    /// - Precondition: types are F32, F16 or BF16, names occur once, and sizes do not overflow: our own shapes.
    /// - Throws: `WeightsError.cannotWrite` when the file is there, or the place cannot be written.
    package init(
        path: String, tensors: [TensorDescription], metadata: [(key: String, value: String)] = [("format", "pt")],
        replaces: Bool = false, hashes: Bool = false
    ) throws(WeightsError) {
        precondition(tensors.allSatisfy { $0.type.isFloat }, "safetensors holds F32, F16 and BF16")
        queue = TensorQueue(tensors)
        file = try OutputFile(
            path: path, operation: "write the safetensors file", replaces: replaces, hashes: hashes)
        try file.write(Self.header(tensors, metadata))
    }

    /// Writes the next tensor, stored as its type, from `floats`, whose first is at `start`.
    ///
    /// - Precondition: `name` is the next tensor's; it lies within `floats`.
    package func write(_ name: String, _ floats: FloatBuffer, from start: Int = 0) throws(WeightsError) {
        let count = queue.current(name).parameters
        precondition(start >= 0 && count <= floats.count - start, "tensor \(name) outside the buffer")
        try floats.withUnsafeMutableBufferPointer { (buffer) throws(WeightsError) in
            try write(name, floats: UnsafeBufferPointer(rebasing: buffer[start..<start + count]))
        }
    }

    /// Writes the next tensor's numbers, stored as its type: all or the next of them.
    ///
    /// - Precondition: `name` is that tensor's, and it has no more of them.
    /// - Throws: `WeightsError.cannotWrite` also when a number does not fit F16 or BF16.
    package func write(
        _ name: String, floats: UnsafeBufferPointer<Float>, on pool: WorkerPool? = nil
    ) throws(WeightsError) {
        let type = queue.current(name).type
        _ = queue.take(name, type.bytes(elements: floats.count))
        try file.write(floats, as: type, tensor: name, on: pool)
    }

    /// Writes the next tensor's bytes, little-endian and of its type: all or the next of them.
    ///
    /// - Precondition: `name` is that tensor's, and it has no more bytes than its shape asks for.
    package func write(_ name: String, bytes: UnsafeRawBufferPointer) throws(WeightsError) {
        _ = queue.take(name, bytes.count)
        try file.write(bytes)
    }

    /// Syncs the file and gives it its name.
    ///
    /// - Returns: its size, and its SHA-256 in hex where that was asked for.
    /// - Precondition: all tensors have been written.
    package func finish() throws(WeightsError) -> (byteCount: Int, sha256: String?) {
        precondition(queue.isEmpty, "\(queue.left) tensors are not written")
        let written = try file.finish()
        return (written.byteCount, written.sha256)
    }

    // MARK: Helpers

    private static func header(_ tensors: [TensorDescription], _ metadata: [(key: String, value: String)]) -> [UInt8] {
        var header = JSONObject()
        if !metadata.isEmpty {
            header["__metadata__"] = .object(JSONObject(metadata.map { ($0.key, .string($0.value)) }))
        }
        var offset = 0
        for tensor in tensors {
            let end = offset + tensor.byteCount
            header[tensor.name] = [
                "dtype": .string(tensor.type.name), "shape": .array(tensor.shape.map { .int($0) }),
                "data_offsets": [.int(offset), .int(end)],
            ]
            offset = end
        }
        var text = Array(JSONValue.object(header).serialized().utf8)
        let alignment = 64
        text += [UInt8](repeating: UInt8(ascii: " "), count: (alignment - (8 + text.count) % alignment) % alignment)
        var bytes: [UInt8] = []
        bytes.appendInteger(UInt64(text.count))
        return bytes + text
    }
}
