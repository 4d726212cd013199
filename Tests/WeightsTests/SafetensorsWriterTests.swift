import Foundation
import Kernels
import Testing
import Weights

@Suite struct SafetensorsWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/weights.safetensors" }

    private func writer(replaces: Bool = false, hashes: Bool = false) throws -> SafetensorsWriter {
        try SafetensorsWriter(
            path: path,
            tensors: [
                .init(name: "a", type: .f32, shape: [2, 3]), .init(name: "嵌入", type: .bf16, shape: [3]),
                .init(name: "c", type: .f16, shape: [1, 2]), .init(name: "d", type: .f32, shape: []),
            ],
            metadata: [("format", "pt"), ("step", "7")], replaces: replaces, hashes: hashes)
    }

    private func fill(_ writer: SafetensorsWriter) throws {
        let floats = FloatBuffer((0..<12).map { Float($0) / 8 })
        try writer.write("a", floats, from: 2)
        try writer.write("嵌入", floats, from: 9)
        try [UInt8](arrayLiteral: 1, 2, 3, 4).withUnsafeBytes { try writer.write("c", bytes: $0) }
        try writer.write("d", floats)
    }

    @Test func whatIsWrittenIsRead() throws {
        let writer = try self.writer(hashes: true)
        try fill(writer)
        #expect(FileManager.default.fileExists(atPath: path) == false, "the name comes last")
        let written = try writer.finish()
        let file = try SafetensorsFile(bytes: MappedFile(path: path).bytes, name: path)
        #expect(file.byteCount == written.byteCount && file.metadata == ["format": "pt", "step": "7"])
        #expect(file.tensors.map(\.name) == ["a", "嵌入", "c", "d"])
        #expect(file.tensors.map(\.shape) == [[2, 3], [3], [1, 2], []])
        #expect(try dequantize(.f32, file.tensors[0].bytes, count: 6) == (2..<8).map { Float($0) / 8 })
        #expect(try dequantize(.bf16, file.tensors[1].bytes, count: 3) == (9..<12).map { Float($0) / 8 })
        #expect(file.tensors[2].bytes.copy() == [1, 2, 3, 4])
        #expect((file.byteCount - 24 - 6 - 4 - 4) % 64 == 0, "the data is aligned")
        let sum = Process()
        sum.executableURL = URL(filePath: "/usr/bin/env")
        sum.arguments = ["sha256sum", path]
        let output = Pipe()
        sum.standardOutput = output
        try sum.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text.hasPrefix(try #require(written.sha256)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["weights.safetensors"])
    }

    @Test func whatIsDroppedLeavesNothing() throws {
        do {
            let writer = try self.writer()
            try writer.write("a", FloatBuffer(count: 6))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func anotherFileIsKeptUnlessToldOtherwise() throws {
        try folder.write("weights.safetensors", "old")
        let error = #expect(throws: WeightsError.self) { _ = try self.writer() }
        #expect(error?.description.contains("expected no file of that name") == true)
        do {
            let writer = try self.writer(replaces: true)
            try fill(writer)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old", "the old one stays until the end")
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old", "an unfinished one replaces nothing")
        let writer = try self.writer(replaces: true)
        try fill(writer)
        _ = try writer.finish()
        #expect(try SafetensorsFile(bytes: MappedFile(path: path).bytes, name: path).tensors.count == 4)
    }

    @Test func twoCannotWriteTheSame() throws {
        let first = try writer()
        let error = #expect(throws: WeightsError.self) { _ = try self.writer() }
        #expect(error?.description.contains("another program is writing it") == true)
        try fill(first)
        _ = try first.finish()
    }

    @Test func whatAKilledProgramLeftIsOverwritten() throws {
        try folder.write("weights.safetensors.partial", [UInt8](repeating: 9, count: 5000))
        let writer = try self.writer()
        try fill(writer)
        let written = try writer.finish()
        #expect(try SafetensorsFile(bytes: MappedFile(path: path).bytes, name: path).byteCount == written.byteCount)
        #expect(written.sha256 == nil)
    }

    @Test func placesThatAreNone() throws {
        #expect(throws: WeightsError.self) {
            _ = try SafetensorsWriter(path: folder.path + "/none/x.safetensors", tensors: [])
        }
        #expect(throws: WeightsError.self) {
            _ = try SafetensorsWriter(path: folder.path, tensors: [], replaces: true)
        }
    }

    /// A link that somebody laid there must not make us write elsewhere.
    @Test func linksAreNotFollowed() throws {
        let other = try folder.write("other", "kept")
        try FileManager.default.createSymbolicLink(atPath: path + ".partial", withDestinationPath: other)
        #expect(throws: WeightsError.self) { _ = try self.writer() }
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "kept")
    }
}
