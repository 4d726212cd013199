import JSON
import Kernels

/// What the header of a safetensors file says of one tensor.
struct SafetensorsEntry {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// From the start of the data.
    let offset: Int
    let end: Int

    init(
        _ name: String, _ value: JSONValue, _ context: FileContext, _ limits: WeightsLimits
    ) throws(WeightsError) {
        let field = "tensor \(shown(name))"
        guard name.utf8.count <= limits.tensorNameBytesMax else {
            throw context.overLimit(
                "\(field), name", "tensorNameBytesMax", limits.tensorNameBytesMax, actual: name.utf8.count)
        }
        guard !name.isEmpty else { throw context.malformed("header", expected: "a name", actual: "none") }
        self.name = name
        type = try Self.type(value["dtype"], field, context)
        shape = try Self.integers(value["shape"], "\(field), shape", context)
        guard shape.count <= limits.safetensorsDimensionsMax else {
            throw context.overLimit(
                "\(field), dimensions", "safetensorsDimensionsMax", limits.safetensorsDimensionsMax,
                actual: shape.count)
        }
        let extent = try TensorExtent(type: type, shape: shape, field: field, context: context)
        let offsets = try Self.integers(value["data_offsets"], "\(field), data_offsets", context)
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw context.malformed("\(field), data_offsets", expected: "a start and an end", actual: "\(offsets)")
        }
        guard offsets[1] - offsets[0] == extent.bytes else {
            throw context.malformed(
                "\(field), data_offsets", expected: "\(extent.bytes) bytes, as dtype and shape ask for",
                actual: "\(offsets[1] - offsets[0])")
        }
        offset = offsets[0]
        end = offsets[1]
    }

    private static func type(
        _ value: JSONValue?, _ field: String, _ context: FileContext
    ) throws(WeightsError) -> ElementType {
        guard let name = value?.string else {
            throw context.malformed("\(field), dtype", expected: "a string", actual: value?.kind ?? "nothing")
        }
        switch name {
        case "F32": return .f32
        case "F16": return .f16
        case "BF16": return .bf16
        default:
            throw context.unsupported(
                "\(field), dtype", expected: "one of F32, F16, BF16", actual: shown(name),
                hint: "get the model in one of these types, or as GGUF")
        }
    }

    /// Whole numbers from zero to 2^63 - 1.
    private static func integers(
        _ value: JSONValue?, _ field: String, _ context: FileContext
    ) throws(WeightsError) -> [Int] {
        guard let items = value?.array else {
            throw context.malformed(field, expected: "an array of integers", actual: value?.kind ?? "nothing")
        }
        var integers: [Int] = []
        integers.reserveCapacity(items.count)
        for item in items {
            guard case .int(let integer) = item, integer >= 0 else {
                throw context.malformed(
                    field, expected: "integers from 0 to 2^63 - 1", actual: shown(item.serialized()))
            }
            integers.append(integer)
        }
        return integers
    }
}
