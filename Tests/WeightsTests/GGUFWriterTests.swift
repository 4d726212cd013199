import Foundation
import Kernels
import Testing
import Weights

@Suite struct GGUFWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/model.gguf" }

    /// A key of every type.
    static let metadata = Metadata([
        "general.architecture": .string("qwen3"), "a.uint8": .uint8(200), "a.int8": .int8(-2),
        "a.uint16": .uint16(60_000), "a.int16": .int16(-300), "a.uint32": .uint32(.max), "a.int32": .int32(-70_000),
        "a.float32": .float32(1.5), "a.bool": .bool(true), "a.uint64": .uint64(.max), "a.int64": .int64(.min),
        "a.float64": .float64(0.1), "a.文": .string("你好\n"), "a.empty": .string(""),
        "tokenizer.ggml.tokens": .array(MetadataArray(["<s>", "你好", ""])),
        "tokenizer.ggml.token_type": .array(MetadataArray([3, 1, 1] as [Int32])),
        "a.floats": .array(MetadataArray([0.5, -2] as [Float])), "a.bools": .array(MetadataArray([true, false])),
        "a.nested": .array(MetadataArray([MetadataArray(["x"]), MetadataArray([1, 2] as [UInt64])])),
        "a.none": .array(MetadataArray([] as [String])),
    ])

    static let tensors = [
        TensorDescription(name: "token_embd.weight", type: .f32, shape: [3, 5]),
        TensorDescription(name: "blk.0.ffn_up.weight", type: .q8_0, shape: [2, 32]),
        TensorDescription(name: "output_norm.weight", type: .f16, shape: [3]),
    ]

    private func write(_ metadata: Metadata, pieces: Int = 1) throws -> [UInt8] {
        let writer = try GGUFWriter(path: path, metadata: metadata, tensors: Self.tensors, replaces: true)
        for (index, tensor) in Self.tensors.enumerated() {
            let bytes = (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 + index) }
            for start in stride(from: 0, to: bytes.count, by: (bytes.count + pieces - 1) / pieces) {
                let end = min(bytes.count, start + (bytes.count + pieces - 1) / pieces)
                try Array(bytes[start..<end]).withUnsafeBytes { try writer.write(tensor.name, bytes: $0) }
            }
        }
        let written = try writer.finish()
        let bytes = try MappedFile(path: path).bytes.copy()
        #expect(bytes.count == written.byteCount)
        return bytes
    }

    @Test func whatIsWrittenIsRead() throws {
        let bytes = try write(Self.metadata)
        let file = try GGUFFile(path: path)
        #expect(file.version == 3 && file.metadata.keys == Self.metadata.keys)
        for key in Self.metadata.keys {
            let (read, written) = (try #require(file.metadata[key]), try #require(Self.metadata[key]))
            #expect(read.kind == written.kind, "\(key)")
            #expect("\(Self.plain(read))" == "\(Self.plain(written))", "\(key)")
        }
        #expect(file.tensors.map(\.name) == Self.tensors.map(\.name))
        #expect(file.tensors.map(\.type) == Self.tensors.map(\.type))
        #expect(file.tensors.map(\.shape) == Self.tensors.map(\.shape))
        for (index, tensor) in file.tensors.enumerated() {
            #expect(tensor.bytes.copy() == (0..<tensor.bytes.count).map { UInt8(truncatingIfNeeded: $0 + index) })
        }
        #expect(bytes.count % 32 == 0, "the last tensor is padded as well")
        #expect(try write(Self.metadata, pieces: 7) == bytes, "pieces make no difference")
    }

    @Test func alignmentIsKept() throws {
        var metadata = Self.metadata
        _ = metadata.add("general.alignment", .uint32(256))
        #expect(try write(metadata).count % 256 == 0)
        #expect(try GGUFFile(path: path).tensors[2].bytes.copy().first == 2)
    }

    @Test func whatIsDroppedLeavesNothing() throws {
        do {
            let writer = try GGUFWriter(path: path, metadata: Self.metadata, tensors: Self.tensors)
            try [UInt8](repeating: 1, count: 60).withUnsafeBytes {
                try writer.write("token_embd.weight", bytes: $0)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    /// What a value says, however it is held.
    private static func plain(_ value: MetadataValue) -> [String] {
        guard let array = value.array else { return ["\(value)"] }
        return (array.strings ?? []) + (array.ints ?? []).map { "\($0)" } + (array.floats ?? []).map { "\($0)" }
            + (array.bools ?? []).map { "\($0)" } + (array.arrays ?? []).flatMap { plain(.array($0)) }
    }
}
