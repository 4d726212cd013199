import Testing
import Weights

@Suite struct ModelFilesTests {
    private func failure(_ path: String) -> WeightsError? {
        WeightsTests.failure { () throws(WeightsError) in try ModelFiles.open(path) }
    }

    @Test func aFileIsGGUF() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("any name", GGUFBuilder.small.bytes())
        let files = try ModelFiles.open(path)
        guard case .gguf = files else {
            Issue.record("\(files)")
            return
        }
        #expect(files.tensors.count == 3 && files.paths == [path])
        #expect(files.tensor("norm")?.shape == [5])
        #expect(files.byteCount == GGUFBuilder.small.bytes().count)
    }

    @Test func aFolderWithConfigIsHuggingFaces() throws {
        let folder = try TemporaryFolder()
        try folder.write("config.json", "{}")
        try folder.write("model.safetensors", SafetensorsBuilder.small.bytes())
        for path in [folder.path, folder.path + "/"] {
            let files = try ModelFiles.open(path)
            guard case .folder = files else {
                Issue.record("\(files)")
                return
            }
            #expect(files.tensors.count == 2 && files.paths.count == 1)
            #expect(files.tensor("a")?.shape == [3])
            #expect(files.byteCount == SafetensorsBuilder.small.bytes().count)
        }
    }

    @Test func aFolderWithOneGGUFIsThat() throws {
        let folder = try TemporaryFolder()
        try folder.write("README.md", "x")
        try folder.write(".hidden.gguf", "x")
        #expect(failure(folder.path)?.isMissing == true)
        try folder.write("model.GGUF", GGUFBuilder.small.bytes())
        #expect(try ModelFiles.open(folder.path).tensors.count == 3)
        try folder.write("other.gguf", GGUFBuilder.small.bytes())
        let error = try #require(failure(folder.path))
        #expect(error.isMalformed && error.description.contains("other.gguf"))
    }

    @Test func aFolderWithOneSplitModelIsThat() throws {
        let folder = try TemporaryFolder()
        for place in 0..<2 {
            let shard = GGUFBuilder.shard(place, of: 2, tensors: ["t\(place)"], total: 2)
            try folder.write("m-0000\(place + 1)-of-00002.gguf", shard.bytes())
        }
        #expect(try ModelFiles.open(folder.path).tensors.map(\.name) == ["t0", "t1"])
    }

    @Test func aSafetensorsFileByItselfSaysWhatToGive() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("model.safetensors", SafetensorsBuilder.small.bytes())
        let error = try #require(failure(path))
        #expect(error.description.contains("give the folder"))
    }

    @Test func nothingThere() throws {
        let folder = try TemporaryFolder()
        #expect(failure("\(folder.path)/absent")?.isCannotOpen == true)
        #expect(failure("")?.isCannotOpen == true)
    }
}
