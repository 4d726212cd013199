import Testing
import Weights

/// Files made to break a reader: one test for each class of fault that other readers have had.
@Suite struct GGUFHostileTests {
    private static let huge: [UInt64] = [
        1 << 31, 1 << 32, 1 << 62, (1 << 63) - 1, 1 << 63, UInt64.max / 33 + 1, UInt64.max - 1, .max,
    ]

    // MARK: Counts and sizes that overflow

    @Test(arguments: huge) func tensorCount(count: UInt64) {
        var builder = GGUFBuilder.small
        builder.tensorCount = count
        #expect(failure(builder)?.isTruncated == true)
    }

    @Test(arguments: huge) func keyCount(count: UInt64) {
        var builder = GGUFBuilder.small
        builder.keyCount = count
        #expect(failure(builder)?.isTruncated == true)
    }

    @Test(arguments: huge, [0, 4, 7, 8, 9, 10, 12] as [UInt32]) func arrayCount(count: UInt64, type: UInt32) {
        var builder = GGUFBuilder.small
        builder.add("a", type: 9, .array(of: type, count: count, []))
        #expect(failure(builder)?.isTruncated == true)
    }

    @Test(
        arguments: [
            [1 << 32, 1 << 32], [1 << 62, 2], [1 << 61, 4], [3, 1 << 62], [1 << 16, 1 << 16, 1 << 16, 1 << 16],
            [(1 << 63) - 1, 1], [(1 << 62) + 1, 4],
        ] as [[UInt64]]) func dimensionsWhoseProductOverflows(dimensions: [UInt64])
    {
        var builder = GGUFBuilder.small
        builder.tensors[0].dimensions = dimensions
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test(arguments: [1 << 63, .max] as [UInt64]) func dimensionThatIsNegativeWhenSigned(dimension: UInt64) {
        var builder = GGUFBuilder.small
        builder.tensors[0].dimensions = [4, dimension]
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test(arguments: [[0], [4, 0], [0, 1 << 62]] as [[UInt64]]) func dimensionOfZero(dimensions: [UInt64]) {
        var builder = GGUFBuilder.small
        builder.tensors[0].dimensions = dimensions
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test(arguments: [0, 5, 1 << 31, .max] as [UInt32]) func numberOfDimensions(count: UInt32) {
        var builder = GGUFBuilder.small
        builder.tensors[0].dimensionCount = count
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test(arguments: [1 << 62, (1 << 63) - 32, 1 << 63, UInt64.max - 31] as [UInt64])
    func offsetThatOverflowsWithTheSize(offset: UInt64) {
        var builder = GGUFBuilder.small
        builder.tensors[2].offset = offset
        #expect(failure(builder)?.isTruncated == true)
    }

    // MARK: Strings

    @Test(arguments: huge + [2000]) func stringLengthBeyondTheFile(length: UInt64) {
        var builder = GGUFBuilder.small
        var body: [UInt8] = []
        body.string("text", length: length)
        builder.add("a", type: 8, body)
        #expect(failure(builder)?.isTruncated == true)
    }

    /// A token's length read as a signed number has been used as the size of a copy.
    @Test(arguments: [0xFFFF_FFFF, 0x8000_0000, .max, 1 << 63] as [UInt64])
    func tokenLengthThatIsNegativeWhenSigned(length: UInt64) {
        var builder = GGUFBuilder.small
        var body: [UInt8] = []
        body.string("<s>")
        body.string("a", length: length)
        builder.add("tokens", type: 9, .array(of: 8, count: 2, body))
        #expect(failure(builder)?.isTruncated == true)
    }

    @Test func stringsOverTheLimit() {
        var limits = WeightsLimits()
        limits.stringBytesMax = 4
        #expect(failure(GGUFBuilder.small, limits: limits)?.isOverLimit == true)
        limits = WeightsLimits()
        limits.keyBytesMax = 19
        #expect(failure(GGUFBuilder.small, limits: limits)?.isOverLimit == true)
        limits = WeightsLimits()
        limits.tensorNameBytesMax = 8
        #expect(failure(GGUFBuilder.small, limits: limits)?.isOverLimit == true)
    }

    @Test func namesThatAreNotUTF8OrEmpty() {
        for name in [[0xFF, 0xFE], [0xC0, 0x80], [0xED, 0xA0, 0x80], []] as [[UInt8]] {
            var builder = GGUFBuilder.small
            builder.keys.append((name, 4, [0, 0, 0, 0]))
            #expect(failure(builder)?.isMalformed == true)
        }
        var builder = GGUFBuilder.small
        builder.tensors[0].name = ""
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test func aValueThatIsNotUTF8IsReplacedNotTrusted() throws {
        var builder = GGUFBuilder()
        builder.add("a", type: 8, .little(UInt64(2)) + [0xFF, 0x41])
        #expect(try GGUFFile(builder).metadata.string("a") == "\u{FFFD}A")
    }

    @Test func controlCharactersDoNotReachTheTerminal() throws {
        var builder = GGUFBuilder.small
        builder.tensors[0].name = "\u{1B}]0;owned\u{07}\u{202E}"
        builder.tensors[0].type = 99
        let text = try #require(failure(builder)).description
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" })
        #expect(text.contains("owned"))
    }

    // MARK: Types and values

    @Test(arguments: [13, 255, 1 << 31, .max] as [UInt32]) func unknownTypeOfValue(type: UInt32) {
        var builder = GGUFBuilder.small
        builder.add("a", type: type, [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(failure(builder)?.isMalformed == true)
        builder = GGUFBuilder.small
        builder.add("a", type: 9, .array(of: type, count: 1, [0, 0, 0, 0, 0, 0, 0, 0]))
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test func unsupportedTensorTypeIsNamedWithWhatIsSupported() throws {
        var builder = GGUFBuilder.small
        builder.tensors[1].type = 16
        let error = try #require(failure(builder))
        #expect(error.isUnsupported)
        #expect(error.description.contains("q8") && error.description.contains("IQ2_XXS"))
        #expect(error.fault.expected.contains("Q4_K") && error.fault.expected.contains("IQ4_XS"))
        builder.tensors[1].type = .max
        #expect(failure(builder)?.isUnsupported == true)
    }

    @Test func boolThatIsNeither() {
        var builder = GGUFBuilder.small
        builder.add("a", type: 7, [2])
        #expect(failure(builder)?.isMalformed == true)
        builder = GGUFBuilder.small
        builder.add("a", type: 9, .array(of: 7, count: 2, [1, 0xFF]))
        #expect(failure(builder)?.isMalformed == true)
    }

    /// Keys that are used as something else than they are have crashed readers.
    @Test func knownKeyOfAnotherType() {
        for key in ["general.architecture", "tokenizer.ggml.model", "tokenizer.chat_template"] {
            var builder = GGUFBuilder()
            builder.add(key, 7)
            #expect(failure(builder)?.isMalformed == true)
        }
        for key in ["tokenizer.ggml.tokens", "tokenizer.ggml.scores", "split.count", "general.alignment"] {
            var builder = GGUFBuilder()
            builder.add(key, "text")
            #expect(failure(builder)?.isMalformed == true)
        }
    }

    @Test func integersBeyondIntAreNil() throws {
        var builder = GGUFBuilder()
        builder.add("one", type: 10, .little(UInt64(1) << 63))
        builder.add("many", type: 9, .array(of: 10, count: 2, .little(UInt64(1)) + .little(UInt64.max)))
        builder.add("negative", type: 9, .array(of: 11, count: 1, .little(Int64(-5))))
        let metadata = try GGUFFile(builder).metadata
        #expect(metadata.int("one") == nil)
        #expect(metadata.ints("many") == nil)
        #expect(metadata.ints("negative") == [-5])
    }

    // MARK: Repetition, nesting, amplification

    @Test func repeatedKey() throws {
        var builder = GGUFBuilder.small
        builder.add("llama.block_count", 3)
        let error = try #require(failure(builder))
        #expect(error.isMalformed && error.description.contains("llama.block_count"))
    }

    @Test func repeatedTensor() throws {
        var builder = GGUFBuilder.small
        builder.add(tensor: "norm", [5])
        let error = try #require(failure(builder))
        #expect(error.isMalformed && error.description.contains("norm"))
    }

    @Test func arraysNestedTooDeep() {
        for depth in [5, 10_000] {
            var body = [UInt8].array(of: 0, count: 0, [])
            for _ in 1..<depth { body = .little(UInt32(9)) + .little(UInt64(1)) + body }
            var builder = GGUFBuilder()
            builder.add("a", type: 9, body)
            #expect(failure(builder)?.isOverLimit == true)
        }
    }

    @Test func elementsOfNestedArraysAreCountedTogether() {
        let inner = [UInt8].array(of: 0, count: 40, [UInt8](repeating: 0, count: 40))
        var builder = GGUFBuilder()
        builder.add("a", type: 9, .array(of: 9, count: 3, inner + inner + inner))
        var limits = WeightsLimits()
        limits.arrayElementsMax = 122
        #expect(failure(builder, limits: limits)?.isOverLimit == true)
        limits.arrayElementsMax = 123
        #expect(failure(builder, limits: limits) == nil)
    }

    @Test func countsOverTheLimit() {
        var limits = WeightsLimits()
        limits.keysMax = 14
        #expect(failure(GGUFBuilder.small, limits: limits)?.isOverLimit == true)
        limits = WeightsLimits()
        limits.tensorsMax = 2
        #expect(failure(GGUFBuilder.small, limits: limits)?.isOverLimit == true)
    }

    // MARK: Places

    @Test(arguments: [1, 4, 31, 33] as [UInt64]) func misalignedOffset(offset: UInt64) {
        var builder = GGUFBuilder()
        builder.add(tensor: "a", [4])
        builder.add(tensor: "b", [400])
        builder.tensors[1].offset = 32 + offset
        builder.tensors[1].data += [UInt8](repeating: 0, count: 64)
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test(arguments: [0, 1, 3, 4, 24, 1 << 31, .max] as [UInt32]) func alignmentThatIsNone(alignment: UInt32) {
        var builder = GGUFBuilder.small
        builder.add("general.alignment", alignment)
        let error = failure(builder)
        #expect(error?.isMalformed == true || error?.isOverLimit == true)
    }

    @Test func negativeAlignment() {
        var builder = GGUFBuilder.small
        builder.add("general.alignment", type: 5, .little(Int32(-32)))
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test func tensorsThatShareBytes() throws {
        var builder = GGUFBuilder.small
        builder.tensors[1].offset = 32
        #expect(failure(builder)?.isMalformed == true)
        builder.tensors[1].offset = 0
        #expect(failure(builder)?.isMalformed == true)
    }

    @Test func tensorBeyondTheEnd() {
        var builder = GGUFBuilder.small
        builder.tensors[2].dimensions = [9]
        #expect(failure(builder)?.isTruncated == true)
        builder.tensors[2].dimensions = [1 << 40]
        #expect(failure(builder)?.isTruncated == true)
    }

    @Test func rowsThatAreNoWholeNumberOfBlocks() {
        var builder = GGUFBuilder.small
        builder.tensors[1].dimensions = [16, 4]
        #expect(failure(builder)?.isMalformed == true)
    }

    // MARK: Files that are something else

    @Test func bigEndian() throws {
        var builder = GGUFBuilder.small
        builder.version = UInt32(3).byteSwapped
        let error = try #require(failure(builder))
        #expect(error.isUnsupported && error.description.contains("big-endian"))
    }

    @Test(arguments: [0, 1, 4, 70_000, .max] as [UInt32]) func otherVersions(version: UInt32) throws {
        var builder = GGUFBuilder.small
        builder.version = version
        let error = try #require(failure(builder))
        #expect(error.isUnsupported && error.fault.expected.hasPrefix("2 or 3") && error.fault.field == "version")
    }

    @Test(arguments: [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS"),
        ("<!DOCTYPE html><html><body>404</body></html>", "web page"),
        ("\n  <HTML><head>", "web page"), ("PK\u{3}\u{4}rest", "archive"), ("lmggrest", "before GGUF"),
        ("FUGG\u{0}\u{0}\u{0}\u{3}", "no model file"), ("", "empty"), ("hello", "no model file"),
    ]) func somethingElse(content: String, said: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("model.gguf", content)
        let error = try #require(failure { () throws(WeightsError) in try GGUFFile(path: path) })
        #expect(error.isMalformed && error.description.contains(said), "\(error)")
    }

    // MARK: Damage

    @Test func truncatedAtEveryLength() {
        let bytes = GGUFBuilder.small.bytes()
        // The last tensor's padding may be missing.
        let needed = bytes.count - 12
        for length in 0..<needed {
            let error = failure { () throws(WeightsError) in
                try GGUFFile(bytes: .init(copying: bytes[..<length]), name: "cut")
            }
            #expect(error != nil, "a file of \(length) of \(needed) bytes opened")
        }
    }

    @Test func mutationsThrowOrOpen() throws {
        let seed: UInt64 = 20_251
        var mutator = Mutator(seed: seed)
        let original = GGUFBuilder.small.bytes()
        var opened = 0
        for _ in 0..<20_000 {
            let mutant = mutator.mutate(original)
            if let file = try? GGUFFile(bytes: .init(copying: mutant), name: "mutant") {
                _ = file.readAll()
                opened += 1
            }
        }
        // Most damage must be found, and some mutations leave a sound file: else nothing was tested.
        #expect(opened > 500 && opened < 15_000, "seed \(seed): \(opened) of 20,000 opened")
    }
}
