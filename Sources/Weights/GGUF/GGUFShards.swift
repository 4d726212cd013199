import Kernels

/// The files of one model: a single one, or all shards of a split.
///
/// Each shard is a GGUF file of its own that says its number, how many shards there are and how many tensors they
/// have together; only the first has the model's other metadata.
struct GGUFShards {
    let first: GGUFParser.Parts
    private(set) var paths: [String] = []
    private(set) var byteCount = 0
    private(set) var tensors: [TensorInfo] = []
    /// Of each tensor in `tensors`.
    private(set) var places: [String: Int] = [:]

    /// - Parameter path: the file, or any of the shards.
    init(path: String, limits: WeightsLimits) throws(WeightsError) {
        let context = Self.context(path)
        let parts = try Self.parse(try context.map(), context, limits)
        let split = try Split(parts.metadata, context, limits)
        guard split.count > 1 else {
            first = parts
            try add(parts, context, limits)
            return
        }
        guard let name = ShardName(path), name.place == split.place, name.count == split.count else {
            let wanted = ShardName(stem: "NAME", place: split.place, count: split.count)
            throw context.malformed(
                "the file's name", expected: "a name like “\(wanted.path)”, since it is one of a split model's files",
                actual: "another", hint: "give all of the model's files their names back")
        }
        first = split.place == 0 ? parts : try Self.shard(0, name, limits)
        for place in 0..<split.count {
            let shard =
                place == split.place ? parts : place == 0 ? first : try Self.shard(place, name, limits)
            try add(shard, Self.context(name.path(place)), limits)
        }
        let wanted = try Split(first.metadata, Self.context(name.path(0)), limits).tensors
        guard wanted == nil || wanted == tensors.count else {
            throw context.malformed(
                "tensors of all \(split.count) files", expected: "\(wanted ?? 0), as the first file says",
                actual: "\(tensors.count)")
        }
    }

    init(bytes: ByteView, name: String, limits: WeightsLimits) throws(WeightsError) {
        let context = Self.context(name)
        first = try Self.parse(bytes, context, limits)
        let split = try Split(first.metadata, context, limits)
        guard split.count == 1 else {
            throw context.missing(
                "key \(shown(GGUFKnownKeys.splitCount))", expected: "a whole model", actual: "1 of \(split.count) files"
            )
        }
        try add(first, context, limits)
    }

    private static func context(_ path: String) -> FileContext {
        FileContext(operation: "read the GGUF file", file: path)
    }

    private static func parse(
        _ bytes: ByteView, _ context: FileContext, _ limits: WeightsLimits
    ) throws(WeightsError) -> GGUFParser.Parts {
        var parser = GGUFParser(bytes, context, limits)
        return try parser.parse()
    }

    /// The shard at `place` of the split that `name` belongs to.
    private static func shard(
        _ place: Int, _ name: ShardName, _ limits: WeightsLimits
    ) throws(WeightsError) -> GGUFParser.Parts {
        let context = context(name.path(place))
        let bytes: ByteView
        do {
            bytes = try context.map()
        } catch {
            throw context.missing(
                "", expected: "file \(place + 1) of the \(name.count) of this model", actual: error.fault.actual,
                hint: "get the model's other files too")
        }
        let parts = try parse(bytes, context, limits)
        let split = try Split(parts.metadata, context, limits)
        guard split.place == place, split.count == name.count else {
            throw context.malformed(
                "split", expected: "file \(place + 1) of \(name.count)",
                actual: "file \(split.place + 1) of \(split.count)",
                hint: "the files are of different models or have been renamed")
        }
        return parts
    }

    private mutating func add(
        _ shard: GGUFParser.Parts, _ context: FileContext, _ limits: WeightsLimits
    ) throws(WeightsError) {
        guard shard.tensors.count <= limits.tensorsMax - tensors.count else {
            throw context.overLimit(
                "tensors of all files", "tensorsMax", limits.tensorsMax, actual: tensors.count + shard.tensors.count)
        }
        for tensor in shard.tensors {
            guard places.updateValue(tensors.count, forKey: tensor.name) == nil else {
                throw context.malformed(
                    "tensor \(shown(tensor.name))", expected: "it in one file only", actual: "it in another file too")
            }
            tensors.append(tensor)
        }
        paths.append(context.file)
        byteCount += shard.byteCount
    }

    /// What a file says of the split it belongs to; a file that says nothing is a whole model.
    private struct Split {
        /// From zero.
        let place: Int
        let count: Int
        /// Of all shards together; nil when it is not said.
        let tensors: Int?

        init(_ metadata: Metadata, _ context: FileContext, _ limits: WeightsLimits) throws(WeightsError) {
            count = try Self.number(GGUFKnownKeys.splitCount, in: metadata, 1...Int.max, context) ?? 1
            guard count <= limits.shardsMax else {
                throw context.overLimit(
                    "key \(shown(GGUFKnownKeys.splitCount))", "shardsMax", limits.shardsMax, actual: count)
            }
            place = try Self.number(GGUFKnownKeys.splitNumber, in: metadata, 0...count - 1, context) ?? 0
            tensors = try Self.number(GGUFKnownKeys.splitTensors, in: metadata, 0...Int.max, context)
        }

        private static func number(
            _ key: String, in metadata: Metadata, _ range: ClosedRange<Int>, _ context: FileContext
        ) throws(WeightsError) -> Int? {
            guard let value = metadata[key] else { return nil }
            guard let number = value.int, range.contains(number) else {
                throw context.malformed(
                    "key \(shown(key))", expected: "an integer from \(range.lowerBound) to \(range.upperBound)",
                    actual: value.int.map { "\($0)" } ?? "\(value)")
            }
            return number
        }
    }
}
