import JSON

/// model.safetensors.index.json: which file has which tensor.
struct SafetensorsIndex {
    /// In order.
    let files: [String]
    let tensors: [String]

    /// Nil when the folder has no index.
    init?(_ folder: ModelFolder, _ limits: WeightsLimits) throws(WeightsError) {
        let name = SafetensorsSet.index
        guard let index = try folder.object(name, "indexBytesMax", limits.indexBytesMax, limits) else { return nil }
        let context = folder.context(name)
        guard let map = index["weight_map"]?.object, !map.isEmpty else {
            throw context.malformed(
                "weight_map", expected: "an object of file names by tensor",
                actual: index["weight_map"]?.kind ?? "nothing")
        }
        var files = Set<String>()
        for (tensor, value) in map {
            guard let file = value.string else {
                throw context.malformed(
                    "weight_map, \(shown(tensor))", expected: "a file's name", actual: value.kind)
            }
            if files.contains(file) { continue }
            guard Self.isPlain(file) else {
                throw context.malformed(
                    "weight_map, \(shown(tensor))", expected: "the name of a .safetensors file in this folder",
                    actual: shown(file))
            }
            files.insert(file)
        }
        guard files.count <= limits.shardsMax else {
            throw context.overLimit("weight_map, files", "shardsMax", limits.shardsMax, actual: files.count)
        }
        self.files = files.sorted()
        tensors = map.map(\.key)
    }

    /// Whether `name` can only mean a file of the folder itself: an index must not make us read other files.
    private static func isPlain(_ name: String) -> Bool {
        name.hasSuffix(".safetensors") && !name.hasPrefix(".") && name.utf8.count <= 255
            && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0 == ":" || $0.value < 0x20 }
    }
}
