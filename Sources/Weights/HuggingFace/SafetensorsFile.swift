import JSON
import Kernels

/// One safetensors file: a JSON header that says where each tensor lies, and the tensors.
///
///     ┌───────────────┬──────────────────┬──────┐
///     │ header length │ header, JSON     │ data │
///     │ 8 B           │ padded by spaces │      │
///     └───────────────┴──────────────────┴──────┘
///
/// The tensors fill the data exactly, without hole or overlap, and each has the size its shape asks for.
package struct SafetensorsFile: Sendable {
    /// In the order of their data.
    package let tensors: [TensorInfo]
    /// `__metadata__`, for instance the program that wrote the file.
    package let metadata: [String: String]
    package let byteCount: Int

    /// - Parameter name: what errors call the file.
    package init(bytes: ByteView, name: String, limits: WeightsLimits = WeightsLimits()) throws(WeightsError) {
        let context = FileContext(operation: "read the safetensors file", file: name)
        try FileKind.requireSafetensors(bytes, context)
        var reader = ByteReader(bytes, context)
        let length = try reader.count(
            "header, length", "safetensorsHeaderBytesMax", limits.safetensorsHeaderBytesMax, bytesEach: 1)
        let header = try Self.parse(try reader.take(length, "header"), context, limits)
        let data = try reader.take(reader.remaining, "data")

        var entries: [SafetensorsEntry] = []
        var metadata: [String: String] = [:]
        for (name, value) in header {
            if name == "__metadata__" {
                metadata = try Self.strings(value, context)
            } else {
                entries.append(try SafetensorsEntry(name, value, context, limits))
            }
        }
        guard entries.count <= limits.tensorsMax else {
            throw context.overLimit("header, tensors", "tensorsMax", limits.tensorsMax, actual: entries.count)
        }
        entries.sort { ($0.offset, $0.end) < ($1.offset, $1.end) }
        try Self.requireFilled(entries, data.count, context)
        tensors = entries.map {
            TensorInfo(name: $0.name, type: $0.type, shape: $0.shape, bytes: data[$0.offset..<$0.end])
        }
        self.metadata = metadata
        byteCount = bytes.count
    }

    private static func parse(
        _ bytes: ByteView, _ context: FileContext, _ limits: WeightsLimits
    ) throws(WeightsError) -> JSONObject {
        // The format asks for the brace as the first byte: no space, no byte order mark.
        guard bytes.count > 0, bytes[0] == UInt8(ascii: "{") else {
            throw context.malformed(
                "header", expected: "a JSON object", actual: bytes.count == 0 ? "nothing" : "the byte \(bytes[0])")
        }
        let jsonLimits = JSONLimits(
            depthMax: limits.jsonDepthMax, bytesMax: limits.safetensorsHeaderBytesMax, allowsRepeatedKeys: false)
        guard let object = try context.json(bytes, "header", jsonLimits).object else {
            throw context.malformed("header", expected: "a JSON object", actual: "another value")
        }
        return object
    }

    private static func strings(_ value: JSONValue, _ context: FileContext) throws(WeightsError) -> [String: String] {
        guard let object = value.object else {
            throw context.malformed("header, __metadata__", expected: "an object of strings", actual: value.kind)
        }
        var strings: [String: String] = [:]
        for (key, value) in object {
            guard let string = value.string else {
                throw context.malformed(
                    "header, __metadata__, \(shown(key))", expected: "a string", actual: value.kind)
            }
            strings[key] = string
        }
        return strings
    }

    /// - Parameter entries: by offset.
    private static func requireFilled(
        _ entries: [SafetensorsEntry], _ dataBytes: Int, _ context: FileContext
    ) throws(WeightsError) {
        var end = 0
        for entry in entries {
            guard entry.offset == end else {
                throw context.malformed(
                    "tensor \(shown(entry.name)), data_offsets",
                    expected: "a start at \(end), where the tensor before it ends", actual: "\(entry.offset)")
            }
            guard entry.end <= dataBytes else {
                throw context.truncated(
                    "tensor \(shown(entry.name))", expected: "bytes \(entry.offset) to \(entry.end) of the data",
                    actual: "\(dataBytes) bytes of data")
            }
            end = entry.end
        }
        guard end == dataBytes else {
            throw context.malformed(
                "data", expected: "\(end) bytes, as the header says", actual: "\(dataBytes)")
        }
    }
}
