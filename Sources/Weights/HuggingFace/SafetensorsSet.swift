import Kernels

/// The weights of a folder: model.safetensors, or all the files that model.safetensors.index.json names.
struct SafetensorsSet {
    private(set) var paths: [String] = []
    private(set) var byteCount = 0
    /// `__metadata__` of the first file.
    private(set) var metadata: [String: String] = [:]
    private(set) var tensors: [TensorInfo] = []
    /// Of each tensor in `tensors`.
    private(set) var places: [String: Int] = [:]

    static let single = "model.safetensors"
    static let index = "model.safetensors.index.json"

    init(_ folder: ModelFolder, _ limits: WeightsLimits) throws(WeightsError) {
        // As transformers does: the whole file comes before an index, which may be left from before.
        if folder.has(Self.single) {
            try add(Self.single, of: folder, limits)
        } else if let index = try SafetensorsIndex(folder, limits) {
            for file in index.files { try add(file, of: folder, limits) }
            try requirePresent(index, folder)
        } else {
            throw try Self.nothing(in: folder)
        }
    }

    private mutating func add(_ name: String, of folder: ModelFolder, _ limits: WeightsLimits) throws(WeightsError) {
        let path = folder.path(name)
        let context = FileContext(operation: "read the safetensors file", file: path)
        let file = try SafetensorsFile(bytes: try context.map(), name: path, limits: limits)
        guard tensors.count + file.tensors.count <= limits.tensorsMax else {
            throw context.overLimit(
                "tensors of all files", "tensorsMax", limits.tensorsMax, actual: tensors.count + file.tensors.count)
        }
        for tensor in file.tensors {
            guard places.updateValue(tensors.count, forKey: tensor.name) == nil else {
                throw context.malformed(
                    "tensor \(shown(tensor.name))", expected: "it in one file only", actual: "it in another file too")
            }
            tensors.append(tensor)
        }
        if paths.isEmpty { metadata = file.metadata }
        byteCount += file.byteCount
        paths.append(path)
    }

    private func requirePresent(_ index: SafetensorsIndex, _ folder: ModelFolder) throws(WeightsError) {
        for name in index.tensors where places[name] == nil {
            throw folder.context(Self.index).missing(
                "tensor \(shown(name))", expected: "it in one of the files of the index", actual: "none",
                hint: FileContext.damaged)
        }
    }

    private static func nothing(in folder: ModelFolder) throws(WeightsError) -> WeightsError {
        let names = try folder.names()
        if let pickle = names.first(where: { $0.hasSuffix(".bin") || $0.hasSuffix(".pth") || $0.hasSuffix(".pt") }) {
            return folder.context().unsupported(
                "", expected: "\(single) or \(index)", actual: shown(pickle),
                hint: "pickled files can run code and are not read; get the model as safetensors or GGUF")
        }
        return folder.context().missing(
            "", expected: "\(single) or \(index)", actual: "neither", hint: "get the model's weights")
    }
}
