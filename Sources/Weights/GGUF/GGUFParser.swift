import Kernels

/// The parts of one GGUF file, checked.
///
///     magic "GGUF"  version u32  tensors u64  keys u64
///     keys:    length u64, name | type u32 | value
///     tensors: length u64, name | dimensions u32 | that many u64, innermost first | type u32 | offset u64
///     padding to the alignment
///     data:    tensor offsets count from here
///
/// All numbers are little-endian. Versions 2 and 3 differ only in that 3 allows big-endian files.
struct GGUFParser {
    struct Parts {
        let version: UInt32
        let alignment: Int
        let metadata: Metadata
        /// In the file's order.
        let tensors: [TensorInfo]
        /// Of the file.
        let byteCount: Int
    }

    private var reader: ByteReader
    private let limits: WeightsLimits
    private let context: FileContext

    init(_ bytes: ByteView, _ context: FileContext, _ limits: WeightsLimits) {
        reader = ByteReader(bytes, context)
        self.limits = limits
        self.context = context
    }

    mutating func parse() throws(WeightsError) -> Parts {
        try FileKind.requireGGUF(reader.bytes, context)
        try reader.skip(4, "magic")
        let version = try version()
        let tensorCount = try reader.count(
            "number of tensors", "tensorsMax", limits.tensorsMax, bytesEach: Claim.bytesMin)
        let keyCount = try reader.count("number of metadata keys", "keysMax", limits.keysMax, bytesEach: 14)
        var parser = MetadataParser(reader: reader, limits: limits)
        let metadata = try parser.metadata(count: keyCount)
        reader = parser.reader
        try GGUFKnownKeys.check(metadata, context)
        let alignment = try alignment(metadata)
        let claims = try claims(count: tensorCount)
        return Parts(
            version: version, alignment: alignment, metadata: metadata,
            tensors: try place(claims, alignment: alignment), byteCount: reader.bytes.count)
    }

    // MARK: Head

    private mutating func version() throws(WeightsError) -> UInt32 {
        let version: UInt32 = try reader.integer("version")
        switch version {
        case 2, 3: return version
        case 1:
            throw context.unsupported(
                "version", expected: "2 or 3", actual: "1", hint: "convert the file with a newer program")
        case _ where version.byteSwapped <= 0xFFFF:
            throw context.unsupported(
                "version", expected: "2 or 3, little-endian",
                actual: "a big-endian file of version \(version.byteSwapped)", hint: "convert it to little-endian")
        default:
            throw context.unsupported(
                "version", expected: "2 or 3", actual: "\(version)",
                hint: "the file is newer than this program, or damaged")
        }
    }

    private func alignment(_ metadata: Metadata) throws(WeightsError) -> Int {
        guard let value = metadata[GGUFKnownKeys.alignment] else { return 32 }
        let field = "key \(shown(GGUFKnownKeys.alignment))"
        guard let alignment = value.int, alignment >= 8, alignment & (alignment - 1) == 0 else {
            throw context.malformed(
                field, expected: "a power of two from 8", actual: value.int.map { "\($0)" } ?? "\(value)")
        }
        guard alignment <= limits.alignmentBytesMax else {
            throw context.overLimit(field, "alignmentBytesMax", limits.alignmentBytesMax, actual: alignment)
        }
        return alignment
    }

    // MARK: Tensors

    /// What the file says of a tensor: its size is checked, its place not yet.
    private struct Claim {
        /// A name of one byte and one dimension.
        static let bytesMin = 33

        let name: String
        let type: ElementType
        let shape: [Int]
        let bytes: Int
        /// From the start of the data.
        let offset: UInt64
    }

    private mutating func claims(count: Int) throws(WeightsError) -> [Claim] {
        var claims: [Claim] = []
        claims.reserveCapacity(count)
        var names = Set<String>(minimumCapacity: count)
        for index in 0..<count {
            let claim = try claim(index)
            guard names.insert(claim.name).inserted else {
                throw context.malformed("tensor \(shown(claim.name))", expected: "each name once", actual: "it twice")
            }
            claims.append(claim)
        }
        return claims
    }

    private mutating func claim(_ index: Int) throws(WeightsError) -> Claim {
        let bytes = try reader.stringBytes(
            "the name of tensor \(index)", "tensorNameBytesMax", limits.tensorNameBytesMax)
        guard let name = bytes.validText, !name.isEmpty else {
            throw context.malformed(
                "the name of tensor \(index)", expected: "a name in UTF-8",
                actual: "\(bytes.count) bytes \(shown(bytes.text))")
        }
        let field = "tensor \(shown(name))"
        let dimensions: UInt32 = try reader.integer("\(field), number of dimensions")
        guard dimensions >= 1, dimensions <= limits.dimensionsMax else {
            throw context.malformed(
                "\(field), number of dimensions", expected: "1 to \(limits.dimensionsMax)", actual: "\(dimensions)")
        }
        var shape: [Int] = []
        for _ in 0..<dimensions {
            let dimension: UInt64 = try reader.integer("\(field), dimensions")
            guard let dimension = Int(exactly: dimension) else {
                throw context.malformed("\(field), dimensions", expected: "below 2^63", actual: "\(dimension)")
            }
            shape.append(dimension)
        }
        shape.reverse()
        let number: UInt32 = try reader.integer("\(field), type")
        guard let type = ElementType(rawValue: number) else {
            throw context.unsupported(
                field, expected: "one of the types \(GGUFTypeNames.supported)", actual: GGUFTypeNames.name(number),
                hint: "get the model in one of these, such as Q4_K_M or Q8_0")
        }
        let extent = try TensorExtent(type: type, shape: shape, field: field, context: context)
        return Claim(
            name: name, type: type, shape: shape, bytes: extent.bytes,
            offset: try reader.integer("\(field), offset"))
    }

    private func place(_ claims: [Claim], alignment: Int) throws(WeightsError) -> [TensorInfo] {
        guard !claims.isEmpty else { return [] }
        // No overflow: the offset is inside the file and the alignment bounded.
        let start = (reader.offset + alignment - 1) / alignment * alignment
        let available = UInt64(max(0, reader.bytes.count - start))
        var tensors: [TensorInfo] = []
        tensors.reserveCapacity(claims.count)
        for claim in claims {
            let field = "tensor \(shown(claim.name))"
            guard claim.offset % UInt64(alignment) == 0 else {
                throw context.malformed(
                    "\(field), offset", expected: "a multiple of \(alignment)", actual: "\(claim.offset)")
            }
            guard claim.offset <= available, UInt64(claim.bytes) <= available - claim.offset else {
                throw context.truncated(
                    "\(field), \(claim.bytes) bytes at offset \(claim.offset) of the data",
                    expected: "them inside the file", actual: "\(available) bytes of data")
            }
            let first = start + Int(claim.offset)
            tensors.append(
                TensorInfo(
                    name: claim.name, type: claim.type, shape: claim.shape,
                    bytes: reader.bytes[first..<first + claim.bytes]))
        }
        try checkOverlap(claims)
        return tensors
    }

    private func checkOverlap(_ claims: [Claim]) throws(WeightsError) {
        let ordered = claims.sorted { $0.offset < $1.offset }
        for (before, after) in zip(ordered, ordered.dropFirst())
        where after.offset - before.offset < UInt64(before.bytes) {
            throw context.malformed(
                "tensor \(shown(after.name)), offset",
                expected: "\(before.offset + UInt64(before.bytes)) or more, after tensor \(shown(before.name))",
                actual: "\(after.offset)")
        }
    }
}
