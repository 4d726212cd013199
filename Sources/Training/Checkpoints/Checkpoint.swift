import Kernels
import Weights

/// A checkpoint on disk that was verified: every byte is the one that was written.
///
///     step-00000100/manifest.json           CheckpointManifest
///                   weights.safetensors     fp32, Hugging Face's names
///                   optimizer.safetensors   fp32, the optimiser's names
///                   state.json              CheckpointState
package struct Checkpoint: Sendable {
    package let path: String
    package let manifest: CheckpointManifest
    package let state: CheckpointState

    static let manifestName = "manifest.json"
    package static let weightsName = "weights.safetensors"
    static let optimizerName = "optimizer.safetensors"
    static let stateName = "state.json"
    static let fileNames = [weightsName, optimizerName, stateName]

    /// - Throws: `TrainingError.damaged` when anything is not as its manifest says.
    package init(verifying path: String) throws(TrainingError) {
        self.path = path
        manifest = try Files.read(CheckpointManifest.self, from: "\(path)/\(Self.manifestName)")
        guard manifest.isOfKnownFormat else {
            throw .damaged(
                file: path, expected: "the format \(CheckpointManifest.currentFormat)", actual: shown(manifest.format))
        }
        let sealed = try manifest.sealed()
        guard manifest == sealed || manifest.mayBeUnsealed else {
            throw .damaged(
                file: "\(path)/\(Self.manifestName)", expected: "the seal \(sealed.seal ?? "")",
                actual: shown(manifest.seal ?? ""))
        }
        for name in Self.fileNames {
            guard let expected = manifest.files[name] else {
                throw .damaged(file: path, expected: "\(name) in the manifest", actual: "no such entry")
            }
            let actual = try Files.sum("\(path)/\(name)")
            guard actual == expected else {
                throw .damaged(
                    file: "\(path)/\(name)", expected: "\(expected.bytes) bytes of SHA-256 \(expected.sha256)",
                    actual: "\(actual.bytes) bytes of \(actual.sha256)")
            }
        }
        state = try Files.read(CheckpointState.self, from: "\(path)/\(Self.stateName)")
        guard state.step == manifest.step else {
            throw .damaged(file: path, expected: "step \(manifest.step)", actual: "\(state.step)")
        }
    }

    /// Copies weights and optimiser state into a run's memory.
    ///
    /// - Throws: `TrainingError.damaged` when a tensor is missing or has another shape.
    func load(parameters: FloatBuffer, layout: ParameterLayout, optimizer: Optimizer) throws(TrainingError) {
        let weights = try tensors(Self.weightsName)
        for entry in layout.entries {
            try Self.copy(weights, entry.name, entry.shape, to: parameters, at: entry.offset, path)
        }
        let states = try tensors(Self.optimizerName)
        for (name, buffer) in optimizer.state {
            try Self.copy(states, name, [buffer.count], to: buffer, at: 0, path)
        }
    }

    private func tensors(_ name: String) throws(TrainingError) -> [String: TensorInfo] {
        let bytes: ByteView
        do { bytes = try MappedFile(path: "\(path)/\(name)").bytes } catch { throw .kernels(error) }
        do {
            let file = try SafetensorsFile(bytes: bytes, name: "\(path)/\(name)")
            return Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
        } catch {
            throw .weights(error)
        }
    }

    private static func copy(
        _ tensors: [String: TensorInfo], _ name: String, _ shape: [Int], to buffer: FloatBuffer, at offset: Int,
        _ path: String
    ) throws(TrainingError) {
        guard let tensor = tensors[name], tensor.type == .f32, tensor.shape == shape else {
            throw .damaged(
                file: path, expected: "the tensor \(name) of shape \(shape), F32",
                actual: tensors[name].map { "shape \($0.shape), \($0.type.name)" } ?? "none")
        }
        buffer.withUnsafeMutableBufferPointer { floats in
            tensor.bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(floats)[(offset * 4)...])
                    .copyMemory(from: bytes)
            }
        }
    }
}
