import Kernels
import Testing
import Weights

extension GGUFFile {
    convenience init(_ builder: GGUFBuilder, limits: WeightsLimits = WeightsLimits()) throws(WeightsError) {
        try self.init(bytes: ByteView(copying: builder.bytes()), name: "test.gguf", limits: limits)
    }

    /// Reads all there is, so that a length that was not checked is found.
    func readAll() -> Int {
        var sum = 0
        for key in metadata.keys {
            sum &+= metadata[key]?.int ?? 0
            sum &+= metadata.string(key)?.utf8.count ?? 0
            if let array = metadata[key]?.array { sum &+= array.readAll() }
        }
        return sum &+ tensors.reduce(0) { $0 &+ $1.readAll() }
    }
}

extension MetadataArray {
    func readAll() -> Int {
        var sum = strings?.reduce(0) { $0 &+ $1.utf8.count } ?? 0
        sum &+= byteStrings?.count ?? 0
        sum &+= ints?.reduce(0, &+) ?? 0
        sum &+= (floats?.count ?? 0) &+ (bools?.count ?? 0)
        return arrays?.reduce(sum) { $0 &+ $1.readAll() } ?? sum
    }
}

extension TensorInfo {
    func readAll() -> Int {
        precondition(bytes.count == type.bytes(elements: parameters) && rows * columns == parameters)
        return bytes.withUnsafeBytes { $0.reduce(0) { $0 &+ Int($1) } }
    }
}

extension SafetensorsFile {
    init(_ builder: SafetensorsBuilder, limits: WeightsLimits = WeightsLimits()) throws(WeightsError) {
        try self.init(bytes: ByteView(copying: builder.bytes()), name: "test.safetensors", limits: limits)
    }
}

/// The error that opening throws, nil when it opens.
func failure<R>(_ open: () throws(WeightsError) -> R) -> WeightsError? {
    do {
        _ = try open()
        return nil
    } catch {
        return error
    }
}

func failure(_ builder: GGUFBuilder, limits: WeightsLimits = WeightsLimits()) -> WeightsError? {
    failure { () throws(WeightsError) in try GGUFFile(builder, limits: limits) }
}

func failure(_ builder: SafetensorsBuilder, limits: WeightsLimits = WeightsLimits()) -> WeightsError? {
    failure { () throws(WeightsError) in try SafetensorsFile(builder, limits: limits) }
}

extension WeightsError {
    var isTruncated: Bool { if case .truncated = self { true } else { false } }
    var isMalformed: Bool { if case .malformed = self { true } else { false } }
    var isUnsupported: Bool { if case .unsupported = self { true } else { false } }
    var isOverLimit: Bool { if case .overLimit = self { true } else { false } }
    var isMissing: Bool { if case .missing = self { true } else { false } }
    var isCannotOpen: Bool { if case .cannotOpen = self { true } else { false } }
}
