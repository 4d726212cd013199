/// Makes the bytes of a GGUF file, sound or in any way unsound.
struct GGUFBuilder {
    struct Tensor {
        var name: String
        /// Innermost first, as the file has them.
        var dimensions: [UInt64]
        var type: UInt32 = 0
        /// Replaces the number of dimensions.
        var dimensionCount: UInt32?
        /// Replaces the place after the tensor before.
        var offset: UInt64?
        var data: [UInt8]
    }

    var magic = Array("GGUF".utf8)
    var version: UInt32 = 3
    /// Replaces the number of tensors.
    var tensorCount: UInt64?
    /// Replaces the number of keys.
    var keyCount: UInt64?
    var alignment = 32
    /// Type and body of each key's value.
    var keys: [(name: [UInt8], type: UInt32, body: [UInt8])] = []
    var tensors: [Tensor] = []

    mutating func add(_ key: String, _ text: String) {
        var body: [UInt8] = []
        body.string(text)
        keys.append((Array(key.utf8), 8, body))
    }

    mutating func add(_ key: String, _ number: UInt32) { add(key, type: 4, .little(number)) }
    mutating func add(_ key: String, type: UInt32, _ body: [UInt8]) { keys.append((Array(key.utf8), type, body)) }

    /// A tensor of F32.
    mutating func add(tensor name: String, _ dimensions: [UInt64], fill: UInt8 = 1) {
        let elements = Int(dimensions.reduce(1, *))
        tensors.append(Tensor(name: name, dimensions: dimensions, data: [UInt8](repeating: fill, count: elements * 4)))
    }

    func bytes() -> [UInt8] {
        var bytes = magic
        bytes.little(version)
        bytes.little(tensorCount ?? UInt64(tensors.count))
        bytes.little(keyCount ?? UInt64(keys.count))
        for key in keys {
            bytes.string(key.name)
            bytes.little(key.type)
            bytes += key.body
        }
        var data: [UInt8] = []
        for tensor in tensors {
            bytes.string(tensor.name)
            bytes.little(tensor.dimensionCount ?? UInt32(tensor.dimensions.count))
            for dimension in tensor.dimensions { bytes.little(dimension) }
            bytes.little(tensor.type)
            bytes.little(tensor.offset ?? UInt64(data.count))
            data += tensor.data
            data += [UInt8](repeating: 0, count: padding(data.count))
        }
        guard !tensors.isEmpty else { return bytes }
        return bytes + [UInt8](repeating: 0, count: padding(bytes.count)) + data
    }

    private func padding(_ count: Int) -> Int { (alignment - count % alignment) % alignment }

    /// Keys of every type and three tensors.
    static var small: GGUFBuilder {
        var builder = GGUFBuilder()
        builder.add("general.architecture", "llama")
        builder.add("llama.block_count", 2)
        builder.add("a.uint8", type: 0, [200])
        builder.add("a.int8", type: 1, [0xFE])
        builder.add("a.uint16", type: 2, .little(UInt16(60_000)))
        builder.add("a.int16", type: 3, .little(Int16(-300)))
        builder.add("a.int32", type: 5, .little(Int32(-70_000)))
        builder.add("a.float32", type: 6, .little(Float(1.5).bitPattern))
        builder.add("a.bool", type: 7, [1])
        builder.add("a.uint64", type: 10, .little(UInt64.max))
        builder.add("a.int64", type: 11, .little(Int64.min))
        builder.add("a.float64", type: 12, .little(0.1.bitPattern))
        builder.add("tokenizer.ggml.tokens", type: 9, .strings(["<s>", "你好", ""]))
        let kinds = [UInt8].little(Int32(3)) + .little(Int32(1)) + .little(Int32(1))
        builder.add("tokenizer.ggml.token_type", type: 9, .array(of: 5, count: 3, kinds))
        builder.add("a.nested", type: 9, .array(of: 9, count: 2, .strings(["x"]) + .array(of: 7, count: 2, [0, 1])))
        builder.add(tensor: "embedding", [4, 3])
        let blocks = [UInt8](repeating: 7, count: 68)
        builder.tensors.append(Tensor(name: "q8", dimensions: [32, 2], type: 8, data: blocks))
        builder.add(tensor: "norm", [5])
        return builder
    }

    /// One shard of `count`, with the tensors of these names.
    static func shard(_ place: Int, of count: Int, tensors names: [String], total: Int) -> GGUFBuilder {
        var builder = GGUFBuilder()
        if place == 0 { builder.add("general.architecture", "llama") }
        builder.add("split.no", type: 2, .little(UInt16(place)))
        builder.add("split.count", type: 2, .little(UInt16(count)))
        builder.add("split.tensors.count", type: 5, .little(Int32(total)))
        for name in names { builder.add(tensor: name, [4], fill: UInt8(place)) }
        return builder
    }
}
