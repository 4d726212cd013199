public import Kernels
public import Weights

extension Transformer {
    /// Reads the configuration, checks that every tensor is there in the right shape, and packs the weights.
    ///
    /// - Parameters:
    ///   - pool: packs; not used afterwards.
    ///   - progress: called on this thread with the share of bytes done, 1 at the end.
    /// - Throws: `ModelError` for what is missing, contradictory or not supported; out of memory.
    public convenience init(
        _ files: ModelFiles, on pool: WorkerPool, progress: (@Sendable (Double) -> Void)? = nil
    ) throws(ModelError) {
        let configuration: ModelConfiguration
        var quantization: String?
        switch files {
        case .gguf(let file):
            configuration = try ModelConfiguration(gguf: file.metadata)
            quantization = file.metadata.int("general.file_type").flatMap(FileTypeNames.name)
        case .folder(let folder):
            configuration = try ModelConfiguration(huggingFace: folder.config)
        }
        try self.init(
            configuration, from: FileSource(files, configuration), quantization: quantization, on: pool,
            progress: progress)
    }

    /// A model of random weights, where training starts; the same seed gives the same model.
    package convenience init(
        random configuration: ModelConfiguration, seed: UInt64, on pool: WorkerPool
    ) throws(ModelError) {
        try configuration.check()
        try self.init(
            configuration, from: RandomSource(seed: seed, configuration), quantization: nil, on: pool,
            progress: nil)
    }

    /// A model whose numbers are in memory, by Hugging Face's names and with rotary pairs in halves.
    ///
    /// - Parameters:
    ///   - rotaryFactors: divide the rotary frequencies.
    ///   - tensor: the tensor of a name; called once for each, while the weights are packed.
    package convenience init(
        _ configuration: ModelConfiguration, rotaryFactors: [Float]? = nil, on pool: WorkerPool,
        tensor: @escaping (_ name: String) -> TensorInfo?
    ) throws(ModelError) {
        try configuration.check()
        try self.init(
            configuration, from: MemorySource(rotaryFactors: rotaryFactors, tensor), quantization: nil, on: pool,
            progress: nil)
    }
}
