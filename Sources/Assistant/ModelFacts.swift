import JSON
import Kernels
import Model
import Tokens
import Weights

/// What a model's files say of it, read without loading the weights.
public struct ModelFacts: Sendable {
    /// Tensors of one type.
    public struct Share: Sendable, Equatable {
        public var type: String
        public var tensors: Int
        public var bytes: Int
    }

    /// The model's own name, where the files give one.
    public let title: String?
    public let licence: String?
    public let architecture: String
    public let parameters: Int
    /// The mix's name, such as "Q4_K_M"; where the file gives none, the type that most bytes have.
    public let quantization: String
    /// The types of the tensors, the one with most bytes first.
    public let mix: [Share]
    public let fileBytes: Int
    /// Nil when this architecture cannot be run; `obstacle` says why.
    public let configuration: ModelConfiguration?
    public let obstacle: String?

    public init(_ files: ModelFiles) {
        fileBytes = files.byteCount
        parameters = files.tensors.reduce(0) { $0 + $1.parameters }
        mix = Self.mix(of: files.tensors)
        let dominantType = mix.first?.type ?? ""
        var configuration: ModelConfiguration?
        var obstacle: String?
        do {
            switch files {
            case .gguf(let file): configuration = try ModelConfiguration(gguf: file.metadata)
            case .folder(let folder): configuration = try ModelConfiguration(huggingFace: folder.config)
            }
        } catch {
            obstacle = "\(error)"
        }
        (self.configuration, self.obstacle) = (configuration, obstacle)
        switch files {
        case .gguf(let file):
            title = file.metadata.string("general.name")
            licence = file.metadata.string("general.license")
            quantization = file.metadata.int("general.file_type").flatMap(FileTypeNames.name) ?? dominantType
            architecture = file.metadata.string("general.architecture") ?? ""
        case .folder(let folder):
            title = folder.config["_name_or_path"]?.string
            licence = nil
            quantization = dominantType
            architecture = configuration?.architecture ?? folder.config["model_type"]?.string ?? ""
        }
    }

    /// Bytes that keys and values of one token take, at two bytes a number.
    public var cacheBytesPerToken: Int? {
        configuration.map { $0.layers * $0.kvHeads * ($0.keyDim + $0.valueDim) * 2 }
    }

    /// About how many bytes of memory it takes to run with so many tokens of context: weights, cache and work space.
    public func memoryBytes(contextTokens: Int) -> Int? {
        guard let configuration, let perToken = cacheBytesPerToken else { return nil }
        let stepTokens = 512
        let workspace =
            4
            * (configuration.vocabularySize * 16
                + stepTokens * (4 * configuration.embeddingDim + 3 * configuration.feedForwardDim))
        let (cache, overflow) = perToken.multipliedReportingOverflow(by: contextTokens)
        return overflow ? nil : fileBytes + cache + workspace
    }

    private static func mix(of tensors: [TensorInfo]) -> [Share] {
        var shares: [String: Share] = [:]
        for tensor in tensors {
            let name = tensor.type.name
            shares[name, default: Share(type: name, tensors: 0, bytes: 0)].tensors += 1
            shares[name]?.bytes += tensor.bytes.count
        }
        return shares.values.sorted { ($0.bytes, $0.type) > ($1.bytes, $1.type) }
    }
}
