import Kernels
import Testing
import Weights

@Suite struct GGUFShardsTests {
    /// Three shards with tensors a; b and c; none and d.
    private func model(_ change: (inout [GGUFBuilder]) -> Void = { _ in }) throws -> TemporaryFolder {
        var shards = [
            GGUFBuilder.shard(0, of: 3, tensors: ["a"], total: 4), .shard(1, of: 3, tensors: ["b", "c"], total: 4),
            .shard(2, of: 3, tensors: ["d"], total: 4),
        ]
        change(&shards)
        let folder = try TemporaryFolder()
        for (place, shard) in shards.enumerated() { try folder.write(name(place), shard.bytes()) }
        return folder
    }

    private func name(_ place: Int) -> String { "m-0000\(place + 1)-of-00003.gguf" }

    private static func size(of path: String) throws -> Int { try MappedFile(path: path).bytes.count }

    private func failure(_ folder: TemporaryFolder, _ file: String) -> WeightsError? {
        WeightsTests.failure { () throws(WeightsError) in try GGUFFile(path: "\(folder.path)/\(file)") }
    }

    @Test(arguments: 0..<3) func anyShardOpensAll(place: Int) throws {
        let folder = try model()
        let file = try GGUFFile(path: "\(folder.path)/\(name(place))")
        #expect(file.tensors.map(\.name) == ["a", "b", "c", "d"])
        #expect(file.tensors.map { $0.bytes[0] } == [0, 1, 1, 2])
        #expect(file.tensor("d")?.shape == [4])
        #expect(file.metadata.string("general.architecture") == "llama")
        #expect(file.paths == (0..<3).map { "\(folder.path)/\(name($0))" })
        let sizes = try file.paths.map { try Self.size(of: $0) }
        #expect(file.byteCount == sizes.reduce(0, +))
    }

    @Test func aMissingShardIsNamed() throws {
        let folder = try model { $0.removeLast() }
        let error = try #require(failure(folder, name(1)))
        #expect(error.isMissing && error.description.contains(name(2)))
    }

    @Test func shardsOfAnotherModel() throws {
        let swapped = try model { $0.swapAt(1, 2) }
        #expect(failure(swapped, name(0))?.isMalformed == true)
        #expect(failure(swapped, name(1))?.isMalformed == true)
        let longer = try model { $0[1] = .shard(1, of: 4, tensors: ["b", "c"], total: 4) }
        #expect(failure(longer, name(0))?.isMalformed == true)
        let whole = try model { $0[2] = .small }
        #expect(failure(whole, name(0))?.isMalformed == true)
    }

    @Test func aRenamedShardIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write("model.gguf", GGUFBuilder.shard(0, of: 3, tensors: ["a"], total: 4).bytes())
        let error = try #require(failure(folder, "model.gguf"))
        #expect(error.isMalformed && error.description.contains("NAME-00001-of-00003.gguf"))
    }

    @Test func tensorsMustBeAllThereOnce() throws {
        let repeated = try model { $0[2] = .shard(2, of: 3, tensors: ["a"], total: 4) }
        #expect(failure(repeated, name(0))?.isMalformed == true)
        let fewer = try model { $0[1] = .shard(1, of: 3, tensors: ["b"], total: 4) }
        #expect(failure(fewer, name(0))?.isMalformed == true)
    }

    @Test func hostileSplitNumbers() {
        for (no, count) in [(0, 0), (3, 3), (-1, 3), (0, -1), (Int64.max, Int64.max), (0, 1 << 40), (Int64.min, 2)] {
            var builder = GGUFBuilder()
            builder.add("split.no", type: 11, .little(Int64(no)))
            builder.add("split.count", type: 11, .little(Int64(count)))
            let error = WeightsTests.failure(builder)
            #expect(error?.isMalformed == true || error?.isOverLimit == true, "\(no) of \(count): \(error as Any)")
        }
    }

    @Test func tensorsOfAllShardsHaveOneLimit() throws {
        let folder = try model()
        var limits = WeightsLimits()
        limits.tensorsMax = 3
        let error = WeightsTests.failure { () throws(WeightsError) in
            try GGUFFile(path: "\(folder.path)/\(name(0))", limits: limits)
        }
        #expect(error?.isOverLimit == true)
    }

    @Test func aSplitOfOneIsAnOrdinaryFile() throws {
        #expect(try GGUFFile(.shard(0, of: 1, tensors: ["a"], total: 1)).tensors.count == 1)
    }

    @Test func aShardInMemoryIsRefused() {
        #expect(WeightsTests.failure(.shard(0, of: 2, tensors: ["a"], total: 2))?.isMissing == true)
    }
}
