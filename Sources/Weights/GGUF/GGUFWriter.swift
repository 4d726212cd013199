import JSON
import Kernels

/// Writes a GGUF file of version 3, tensor after tensor, without holding it in memory.
///
///     var metadata = Metadata()
///     _ = metadata.add("general.architecture", .string("qwen3"))
///     let writer = try GGUFWriter(
///         path: "model.gguf", metadata: metadata,
///         tensors: [.init(name: "token_embd.weight", type: .q8_0, shape: [6400, 512])])
///     try writer.write("token_embd.weight", bytes: rows)       // as often as it takes
///     let written = try writer.finish()                        // whole, synced and renamed
///
/// The tensors come in the order of the header. Until `finish` the file is called `<name>.partial`; it goes with the
/// writer when that is dropped unfinished.
package final class GGUFWriter {
    private let file: OutputFile
    private var queue: TensorQueue
    private let alignment: Int
    /// Where the bundle stands, which is known when everything else is written.
    private let bundlePlace: Range<Int>?
    private let bundle: ((ModelSums) -> ModelBundle)?

    /// - Parameters:
    ///   - metadata: `general.alignment` among it says what the tensors are aligned to, 32 bytes otherwise.
    ///   - replaces: whether a file of that name may be there; it stays until the new one is whole.
    ///   - hashes: whether `finish` is to say the SHA-256.
    ///   - bundle: makes the bundle of the file's own content; of any content it has the same length.
    /// - Precondition: the alignment is a power of two from 8; tensors have 1 to 4 dimensions and names of their own.
    /// - Throws: `WeightsError.cannotWrite` when the file is there, or the place cannot be written.
    package init(
        path: String, metadata: Metadata, tensors: [TensorDescription], replaces: Bool = false, hashes: Bool = false,
        bundle: ((ModelSums) -> ModelBundle)? = nil
    ) throws(WeightsError) {
        alignment = metadata.int(GGUFKnownKeys.alignment) ?? 32
        precondition(alignment >= 8 && alignment & (alignment - 1) == 0, "an alignment of \(alignment) bytes")
        precondition(tensors.allSatisfy { (1...4).contains($0.shape.count) }, "tensors have 1 to 4 dimensions")
        queue = TensorQueue(tensors)
        file = try OutputFile(path: path, operation: "write the GGUF file", replaces: replaces, hashes: hashes)
        self.bundle = bundle
        var metadata = metadata
        let text = bundle.map { Array(Self.text($0(ModelSums.unknown)).utf8) }
        if let text { _ = metadata.add(ModelBundle.key, .string(String(decoding: text, as: UTF8.self))) }
        let header = Self.header(metadata, tensors, alignment)
        bundlePlace = text.flatMap { header.firstRange(of: $0) }
        try file.write(header)
        if !tensors.isEmpty { try pad() }
    }

    /// Writes the next tensor's bytes, all or the next of them.
    ///
    /// - Precondition: `name` is that tensor's, and it has no more bytes than its shape asks for.
    package func write(_ name: String, bytes: UnsafeRawBufferPointer) throws(WeightsError) {
        let isWhole = queue.take(name, bytes.count)
        try file.write(bytes)
        if isWhole { try pad() }
    }

    /// Writes the next tensor's numbers, stored as its type: all or the next of them.
    ///
    /// - Precondition: `name` is that tensor's, it has no more of them, and they are whole blocks of a storable type.
    /// - Throws: `WeightsError.cannotWrite` also when a number does not fit the type.
    package func write(
        _ name: String, floats: UnsafeBufferPointer<Float>, on pool: WorkerPool? = nil
    ) throws(WeightsError) {
        let type = queue.current(name).type
        let isWhole = queue.take(name, type.bytes(elements: floats.count))
        try file.write(floats, as: type, tensor: name, on: pool)
        if isWhole { try pad() }
    }

    /// Syncs the file and gives it its name.
    ///
    /// - Returns: its size, and its SHA-256 in hex where that was asked for.
    /// - Precondition: all tensors have been written.
    package func finish() throws(WeightsError) -> (byteCount: Int, sha256: String?) {
        precondition(queue.isEmpty, "\(queue.left) tensors are not written")
        if let bundle, let bundlePlace {
            let sums = try ModelSums(.gguf(GGUFFile(path: file.partial)))
            let text = Array(Self.text(bundle(sums)).utf8)
            precondition(text.count == bundlePlace.count, "a bundle of another length")
            try file.overwrite(text, at: bundlePlace.lowerBound)
        }
        let written = try file.finish()
        return (written.byteCount, written.sha256)
    }

    // MARK: Helpers

    private static func text(_ bundle: ModelBundle) -> String { JSONValue.object(bundle.json).serialized() }

    private func pad() throws(WeightsError) {
        let count = (alignment - file.byteCount % alignment) % alignment
        if count > 0 { try file.write([UInt8](repeating: 0, count: count)) }
    }

    private static func header(_ metadata: Metadata, _ tensors: [TensorDescription], _ alignment: Int) -> [UInt8] {
        var bytes = Array("GGUF".utf8)
        bytes.appendInteger(UInt32(3))
        bytes.appendInteger(UInt64(tensors.count))
        bytes.appendInteger(UInt64(metadata.count))
        for key in metadata.keys {
            guard let value = metadata[key] else { continue }
            bytes.appendString(key)
            bytes.appendValue(value)
        }
        var offset = 0
        for tensor in tensors {
            bytes.appendString(tensor.name)
            bytes.appendInteger(UInt32(tensor.shape.count))
            for dimension in tensor.shape.reversed() { bytes.appendInteger(UInt64(dimension)) }
            bytes.appendInteger(tensor.type.rawValue)
            bytes.appendInteger(UInt64(offset))
            offset += (tensor.byteCount + alignment - 1) / alignment * alignment
        }
        return bytes
    }
}
