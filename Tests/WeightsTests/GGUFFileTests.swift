import Foundation
import Kernels
import Testing
import Weights

@Suite struct GGUFFileTests {
    @Test(arguments: [2, 3] as [UInt32]) func opens(version: UInt32) throws {
        var builder = GGUFBuilder.small
        builder.version = version
        let file = try GGUFFile(builder)
        #expect(file.version == version)
        #expect(file.byteCount == builder.bytes().count)
        #expect(file.paths == ["test.gguf"])
        #expect(file.tensors.map(\.name) == ["embedding", "q8", "norm"])
    }

    @Test func readsEveryTypeOfValue() throws {
        let metadata = try GGUFFile(.small).metadata
        #expect(metadata.count == 15)
        #expect(metadata.keys.first == "general.architecture")
        #expect(metadata.string("general.architecture") == "llama")
        #expect(metadata.int("llama.block_count") == 2)
        #expect(metadata.int("a.uint8") == 200)
        #expect(metadata.int("a.int8") == -2)
        #expect(metadata.int("a.uint16") == 60_000)
        #expect(metadata.int("a.int16") == -300)
        #expect(metadata.int("a.int32") == -70_000)
        #expect(metadata.int("a.int64") == Int.min)
        #expect(metadata.int("a.uint64") == nil, "2^64 - 1 is no Int")
        #expect(metadata.double("a.float32") == 1.5)
        #expect(metadata.double("a.float64") == 0.1)
        #expect(metadata.bool("a.bool") == true)
        #expect(metadata.strings("tokenizer.ggml.tokens") == ["<s>", "你好", ""])
        #expect(metadata.ints("tokenizer.ggml.token_type") == [3, 1, 1])
        let nested = try #require(metadata["a.nested"]?.array?.arrays)
        #expect(nested.map(\.count) == [1, 2])
        #expect(nested[0].strings == ["x"])
        #expect(nested[1].bools == [false, true])
    }

    @Test func aKeyOfAnotherTypeOrNoneIsNil() throws {
        let metadata = try GGUFFile(.small).metadata
        #expect(metadata.int("general.architecture") == nil)
        #expect(metadata.string("a.bool") == nil)
        #expect(metadata.int("a.float32") == nil)
        #expect(metadata.strings("a.nested") == nil)
        #expect(metadata.floats("tokenizer.ggml.token_type") == nil)
        #expect(metadata.string("absent") == nil)
    }

    @Test func shapesAreOutermostFirst() throws {
        let file = try GGUFFile(.small)
        let embedding = try #require(file.tensor("embedding"))
        #expect(embedding.shape == [3, 4])
        #expect(embedding.rows == 3 && embedding.columns == 4 && embedding.parameters == 12)
        #expect(embedding.type == .f32)
        #expect(embedding.bytes.copy() == [UInt8](repeating: 1, count: 48))
        let quantized = try #require(file.tensor("q8"))
        #expect(quantized.type == .q8_0 && quantized.shape == [2, 32])
        #expect(quantized.bytes.copy() == [UInt8](repeating: 7, count: 68))
        #expect(file.tensor("absent") == nil)
    }

    @Test(arguments: ElementType.allCases) func opensEveryElementType(type: ElementType) throws {
        var builder = GGUFBuilder()
        let data = [UInt8](repeating: 3, count: type.bytes(elements: 512))
        builder.tensors = [.init(name: "a", dimensions: [256, 2], type: type.rawValue, data: data)]
        let tensor = try #require(try GGUFFile(builder).tensor("a"))
        #expect(tensor.type == type && tensor.bytes.copy() == data)
    }

    @Test func aFileWithOnlyAVocabularyOpens() throws {
        var builder = GGUFBuilder.small
        builder.tensors = []
        #expect(try GGUFFile(builder).tensors.isEmpty)
    }

    @Test func dataIsAlignedAsTheFileSays() throws {
        var builder = GGUFBuilder.small
        builder.alignment = 256
        builder.add("general.alignment", 256)
        let file = try GGUFFile(builder)
        #expect(file.tensor("norm")?.bytes.copy() == [UInt8](repeating: 1, count: 20))
    }

    @Test func aFileOnDiskIsOpened() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("model.gguf", GGUFBuilder.small.bytes())
        let file = try GGUFFile(path: path)
        #expect(file.paths == [path])
        #expect(file.tensor("norm")?.bytes.count == 20)
    }

    @Test func whatCannotBeOpenedIsSaid() throws {
        let folder = try TemporaryFolder()
        let absent = "\(folder.path)/absent.gguf"
        let error = try #require(failure { () throws(WeightsError) in try GGUFFile(path: absent) })
        #expect(error.isCannotOpen)
        #expect(error.description.contains(absent))
        #expect(failure { () throws(WeightsError) in try GGUFFile(path: folder.path) }?.isCannotOpen == true)
        #expect(failure { () throws(WeightsError) in try GGUFFile(path: "/dev/null") }?.isCannotOpen == true)
    }

    @Test(.timeLimit(.minutes(1))) func aPipeIsRefusedNotWaitedFor() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/pipe.gguf"
        try #require(mkfifo(path, 0o600) == 0)
        #expect(failure { () throws(WeightsError) in try GGUFFile(path: path) }?.isCannotOpen == true)
    }
}
