/// Bounds on what is accepted from a model file; units are in the names.
///
/// A file is mapped, not read, so its size itself has no limit. What is bounded is what a hostile header could make
/// us allocate or loop over.
public struct WeightsLimits: Sendable, Equatable {
    /// Metadata keys of one GGUF file.
    public var keysMax = 65_536
    /// One metadata key; the format's own bound.
    public var keyBytesMax = 65_535
    /// One string of the metadata (a chat template is some 10 KB).
    public var stringBytesMax = 16 << 20
    /// Elements of one metadata array, nested ones counted with it (the largest vocabularies have some 300,000).
    public var arrayElementsMax = 64 << 20
    /// Arrays within arrays, the outermost counted.
    public var arrayDepthMax = 4
    /// Tensors of one file and of all shards together.
    public var tensorsMax = 262_144
    /// One tensor's name.
    public var tensorNameBytesMax = 1024
    /// Dimensions of one GGUF tensor; the format's own bound.
    public var dimensionsMax = 4
    /// Dimensions of one safetensors tensor: convolutions of models that also see have five.
    public var safetensorsDimensionsMax = 8
    /// What tensor data is aligned to.
    public var alignmentBytesMax = 1 << 20
    /// Files of one model.
    public var shardsMax = 1024
    /// The JSON header of one safetensors file (10,000 tensors take some 2 MB). JSON takes up to 30 times its size in
    /// memory while it is read.
    public var safetensorsHeaderBytesMax = 8 << 20
    /// config.json, tokenizer_config.json and their like, each.
    public var configurationBytesMax = 16 << 20
    /// The index of a sharded safetensors model (the largest known have 9 MB).
    public var indexBytesMax = 16 << 20
    /// tokenizer.json (the largest known have some 35 MB).
    public var tokenizerBytesMax = 64 << 20
    /// How deep JSON may nest.
    public var jsonDepthMax = 32
    /// Chat templates of one model.
    public var chatTemplatesMax = 64

    public init() {}
}
