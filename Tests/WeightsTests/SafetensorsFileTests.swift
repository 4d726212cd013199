import Kernels
import Testing
import Weights

@Suite struct SafetensorsFileTests {
    @Test func opens() throws {
        let file = try SafetensorsFile(.small)
        #expect(file.tensors.map(\.name) == ["a", "b"], "in the order of the data")
        #expect(file.tensors.map(\.type) == [.f32, .bf16])
        #expect(file.tensors.map(\.shape) == [[3], [2, 2]])
        #expect(file.tensors.map { $0.bytes.copy() } == [Array(0..<12), Array(12..<20)])
        #expect(file.metadata == ["format": "pt"])
        #expect(file.byteCount == SafetensorsBuilder.small.bytes().count)
    }

    @Test func halfPrecisionScalarsAndPaddingAreRead() throws {
        var builder = SafetensorsBuilder.one("F16", "[]", "[0,2]")
        builder.header += "    "
        builder.data = [1, 2]
        let tensor = try #require(try SafetensorsFile(builder).tensors.first)
        #expect(tensor.type == .f16 && tensor.shape.isEmpty && tensor.parameters == 1)
        #expect(tensor.rows == 1 && tensor.columns == 1)
    }

    @Test func aFileWithoutTensorsOpens() throws {
        #expect(try SafetensorsFile(SafetensorsBuilder(header: "{}", data: [])).tensors.isEmpty)
    }

    // MARK: Header

    @Test(arguments: [1 << 31, 1 << 62, 1 << 63, .max, UInt64.max - 7, 158] as [UInt64])
    func headerLengthBeyondTheFile(length: UInt64) {
        var builder = SafetensorsBuilder.small
        builder.length = length == 158 ? UInt64(builder.bytes().count - 7) : length
        #expect(failure(builder)?.isTruncated == true)
    }

    @Test func headerOverTheLimit() {
        var limits = WeightsLimits()
        limits.safetensorsHeaderBytesMax = 100
        #expect(failure(SafetensorsBuilder.small, limits: limits)?.isOverLimit == true)
    }

    @Test(arguments: [
        "", " {}", "[]", "{", "null", "\u{FEFF}{}", "{}{}", #"{"a":1}"#, #"{"a":[]}"#, #"{"a":{}}"#, #"{"a":null}"#,
        #"{"__metadata__":1}"#, #"{"__metadata__":{"a":1}}"#, #"{"":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    ]) func headerThatIsNone(header: String) {
        let error = failure(SafetensorsBuilder(header: header, data: [UInt8](repeating: 0, count: 8)))
        #expect(error?.isMalformed == true)
    }

    @Test func headerNestedTooDeep() {
        let header = #"{"a":"# + String(repeating: "[", count: 100_000)
        #expect(failure(SafetensorsBuilder(header: header, data: []))?.isMalformed == true)
    }

    /// Two readers that take different ones of two values see different models.
    @Test func repeatedNames() throws {
        let one = #""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#
        let error = try #require(failure(SafetensorsBuilder(header: "{\(one),\(one)}", data: Array(0..<8))))
        #expect(error.isMalformed && error.description.contains("repeated"))
    }

    @Test(arguments: ["F64", "I64", "U8", "BOOL", "F8_E4M3", "", "f32"]) func otherTypes(dtype: String) throws {
        let error = try #require(failure(.one(dtype, "[2]", "[0,8]")))
        #expect(error.isUnsupported && error.fault.expected.contains("F32, F16, BF16"))
    }

    @Test(arguments: [
        "[-2]", "[2.0]", "[1e0]", "[0]", #"["2"]"#, "2", "null", "[9223372036854775808]", "[18446744073709551615]",
        "[4294967296,4294967296]", "[4611686018427387904,2]", "[3]", "[1]", "[[2]]",
    ]) func shapesThatAreNone(shape: String) {
        #expect(failure(.one("F32", shape, "[0,8]"))?.isMalformed == true)
    }

    @Test func tooManyDimensions() {
        #expect(failure(.one("F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]"))?.isOverLimit == true)
    }

    @Test(arguments: [
        "[8,0]", "[0]", "[0,8,8]", "[-8,0]", "[0,8.0]", "[0,9223372036854775808]", "null", "[0,4]", "[0,9]",
        "[9223372036854775799,9223372036854775807]", "[1,9]", "{}",
    ]) func offsetsThatAreNone(offsets: String) {
        #expect(failure(.one("F32", "[2]", offsets))?.isMalformed == true)
    }

    @Test func overlapsHolesAndTrailingBytes() {
        func two(_ first: String, _ second: String, bytes: Int) -> WeightsError? {
            let entries = [("a", first), ("b", second)].map {
                #""\#($0)":{"dtype":"F32","shape":[2],"data_offsets":\#($1)}"#
            }
            return failure(
                SafetensorsBuilder(
                    header: "{\(entries.joined(separator: ","))}", data: [UInt8](repeating: 0, count: bytes)))
        }
        #expect(two("[0,8]", "[8,16]", bytes: 16) == nil)
        #expect(two("[8,16]", "[0,8]", bytes: 16) == nil)
        #expect(two("[0,8]", "[4,12]", bytes: 12)?.isMalformed == true)
        #expect(two("[0,8]", "[0,8]", bytes: 8)?.isMalformed == true)
        #expect(two("[0,8]", "[12,20]", bytes: 20)?.isMalformed == true)
        #expect(two("[4,12]", "[12,20]", bytes: 20)?.isMalformed == true)
        #expect(two("[0,8]", "[8,16]", bytes: 17)?.isMalformed == true)
        #expect(two("[0,8]", "[8,16]", bytes: 15)?.isTruncated == true)
    }

    @Test func limitsOfTensorsAndNames() {
        var limits = WeightsLimits()
        limits.tensorsMax = 1
        #expect(failure(SafetensorsBuilder.small, limits: limits)?.isOverLimit == true)
        limits = WeightsLimits()
        limits.tensorNameBytesMax = 0
        #expect(failure(SafetensorsBuilder.small, limits: limits)?.isOverLimit == true)
    }

    // MARK: Damage

    @Test func truncatedAtEveryLength() {
        let bytes = SafetensorsBuilder.small.bytes()
        for length in 0..<bytes.count {
            let error = failure { () throws(WeightsError) in
                try SafetensorsFile(bytes: .init(copying: bytes[..<length]), name: "cut")
            }
            #expect(error != nil, "a file of \(length) of \(bytes.count) bytes opened")
        }
    }

    @Test func mutationsThrowOrOpen() throws {
        let seed: UInt64 = 20_252
        var mutator = Mutator(seed: seed)
        let original = SafetensorsBuilder.small.bytes()
        var opened = 0
        for _ in 0..<20_000 {
            let mutant = mutator.mutate(original)
            if let file = try? SafetensorsFile(bytes: .init(copying: mutant), name: "mutant") {
                _ = file.tensors.reduce(0) { $0 &+ $1.readAll() }
                opened += 1
            }
        }
        #expect(opened > 100 && opened < 15_000, "seed \(seed): \(opened) of 20,000 opened")
    }
}
