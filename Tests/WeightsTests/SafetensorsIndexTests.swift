import Testing
import Weights

@Suite struct SafetensorsIndexTests {
    private static let index = "model.safetensors.index.json"

    /// Two shards with tensors a and b.
    private func folder(map: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("config.json", "{}")
        try folder.write("one.safetensors", SafetensorsBuilder.one("a").bytes())
        try folder.write("two.safetensors", SafetensorsBuilder.one("b").bytes())
        try folder.write(Self.index, #"{"metadata": {"total_size": 16}, "weight_map": \#(map)}"#)
        return folder
    }

    private func failure(map: String, limits: WeightsLimits = WeightsLimits()) throws -> WeightsError? {
        let folder = try folder(map: map)
        return WeightsTests.failure { () throws(WeightsError) in
            try HuggingFaceFolder(path: folder.path, limits: limits)
        }
    }

    @Test func opensAllFiles() throws {
        let temporary = try folder(map: #"{"b": "two.safetensors", "a": "one.safetensors"}"#)
        let folder = try HuggingFaceFolder(path: temporary.path)
        #expect(folder.tensors.map(\.name) == ["a", "b"])
        #expect(folder.paths.map { $0.split(separator: "/").last } == ["one.safetensors", "two.safetensors"])
        #expect(folder.byteCount == 2 * SafetensorsBuilder.one("a").bytes().count)
    }

    /// An index comes from a stranger: its names must not make us read files outside the folder.
    @Test(arguments: [
        "../one.safetensors", "/etc/passwd", "/tmp/x.safetensors", "a/../../one.safetensors", "..", ".", "",
        "sub/one.safetensors", #"..\\one.safetensors"#, #"C:\\one.safetensors"#, "C:one.safetensors", ".safetensors",
        "one.safetensors\\u0000.txt", "one\\u0000.safetensors", "one.bin", "config.json", "one\\n.safetensors",
    ]) func pathTraversal(name: String) throws {
        let error = try #require(try failure(map: #"{"a": "\#(name)"}"#))
        #expect(error.isMalformed && error.fault.field.hasPrefix("weight_map"), "\(error)")
    }

    @Test(arguments: ["1", "[]", "{}", "null", #"{"a": 1}"#, #"{"a": ["one.safetensors"]}"#])
    func mapThatIsNone(map: String) throws {
        #expect(try failure(map: map)?.isMalformed == true)
    }

    @Test func aMissingFileOrTensorIsNamed() throws {
        let file = try #require(try failure(map: #"{"a": "three.safetensors"}"#))
        #expect(file.isCannotOpen && file.description.contains("three.safetensors"))
        let tensor = try #require(try failure(map: #"{"a": "one.safetensors", "z": "one.safetensors"}"#))
        #expect(tensor.isMissing && tensor.description.contains("z"))
    }

    @Test func aTensorInTwoFiles() throws {
        let temporary = try folder(map: #"{"a": "one.safetensors", "b": "two.safetensors"}"#)
        try temporary.write("two.safetensors", SafetensorsBuilder.one("a").bytes())
        let error = WeightsTests.failure { () throws(WeightsError) in try HuggingFaceFolder(path: temporary.path) }
        #expect(error?.isMalformed == true)
    }

    @Test func limits() throws {
        let map = #"{"a": "one.safetensors", "b": "two.safetensors"}"#
        var limits = WeightsLimits()
        limits.shardsMax = 1
        #expect(try failure(map: map, limits: limits)?.isOverLimit == true)
        limits = WeightsLimits()
        limits.tensorsMax = 1
        #expect(try failure(map: map, limits: limits)?.isOverLimit == true)
        limits = WeightsLimits()
        limits.indexBytesMax = 20
        #expect(try failure(map: map, limits: limits)?.isOverLimit == true)
    }
}
