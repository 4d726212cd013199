import Testing
import Weights

@Suite struct MetadataArrayTests {
    @Test func keepsWhatItIsMadeOf() {
        #expect(MetadataArray(["a", "", "你好"]).strings == ["a", "", "你好"])
        #expect(MetadataArray(["é"]).byteStrings == [Array("é".utf8)])
        #expect(MetadataArray([true, false]).bools == [true, false])
        #expect(MetadataArray([1.5, -0.25] as [Float]).floats == [1.5, -0.25])
        #expect(MetadataArray([1.5, 1e300] as [Double]).floats == [1.5, .infinity])
        #expect(MetadataArray([0, .max] as [UInt8]).ints == [0, 255])
        #expect(MetadataArray([.min, 1] as [Int8]).ints == [-128, 1])
        #expect(MetadataArray([.max] as [UInt16]).ints == [65_535])
        #expect(MetadataArray([.min] as [Int16]).ints == [-32_768])
        #expect(MetadataArray([.max] as [UInt32]).ints == [4_294_967_295])
        #expect(MetadataArray([.min] as [Int32]).ints == [-2_147_483_648])
        #expect(MetadataArray([1 << 62] as [UInt64]).ints == [1 << 62])
        #expect(MetadataArray([.min] as [Int64]).ints == [.min])
    }

    @Test func isNilAsAnotherType() {
        let ints = MetadataArray([1] as [Int32])
        #expect(ints.strings == nil && ints.byteStrings == nil && ints.floats == nil)
        #expect(ints.bools == nil && ints.arrays == nil)
        #expect(MetadataArray(["1"]).ints == nil)
        #expect(MetadataArray([.max] as [UInt64]).ints == nil)
    }

    @Test func nests() {
        let nested = MetadataArray([MetadataArray(["a"]), MetadataArray([MetadataArray([2] as [Int8])])])
        #expect(nested.arrays?[0].strings == ["a"])
        #expect(nested.arrays?[1].arrays?[0].ints == [2])
    }
}
