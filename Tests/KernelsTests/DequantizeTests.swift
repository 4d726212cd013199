import Foundation
import Kernels
import Testing

@Suite struct DequantizeTests {
    /// Values by the `gguf` Python package (Goldens/make_dequantize.py), random and adversarial blocks.
    @Test(arguments: ElementType.allCases.filter { !$0.isFloat }) func matchesThePythonPackage(type: ElementType) throws
    {
        let url = try #require(Bundle.module.url(forResource: type.name, withExtension: "bin", subdirectory: "Goldens"))
        let golden = try MappedFile(path: url.path).bytes
        let count = Int(golden.load(at: 0, as: UInt32.self))
        let size = type.bytes(elements: count)
        #expect(golden.count == 4 + size + 4 * count)
        let values = try dequantize(type, golden[4..<4 + size], count: count)
        for index in 0..<count {
            let expected = golden.load(at: 4 + size + 4 * index, as: Float.self)
            #expect(
                values[index] == expected || abs(values[index] - expected) <= 1e-6 * abs(expected),
                "\(type.name) element \(index)")
        }
    }

    @Test func wrongSizesAreErrors() {
        #expect(throws: KernelsError.self) { try dequantize(.q4_K, ByteView(copying: [1, 2, 3]), count: 256) }
        #expect(throws: KernelsError.self) {
            try dequantize(.q4_K, ByteView(copying: [UInt8](repeating: 0, count: 144)), count: 255)
        }
        #expect(ElementType.f32.bytesIfValid(elements: Int.max) == nil)
        #expect(ElementType.f32.bytesIfValid(elements: -1) == nil)
        #expect(throws: KernelsError.self) {
            try WeightMatrix(type: .f32, rows: Int.max, columns: 2, bytes: ByteView(copying: []))
        }
    }

    /// Every half and bfloat there is.
    @Test func halvesAreExact() throws {
        let patterns = (0...65535).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let halves = try dequantize(.f16, ByteView(copying: patterns), count: 65536)
        let bfloats = try dequantize(.bf16, ByteView(copying: patterns), count: 65536)
        let halvesBack = try #require(quantize(halves, as: .f16))
        let bfloatsBack = try #require(quantize(bfloats, as: .bf16))
        for pattern in 0..<65536 {
            let expected = Float(Float16(bitPattern: UInt16(pattern)))
            #expect(halves[pattern] == expected || (halves[pattern].isNaN && expected.isNaN))
            if !expected.isNaN {
                #expect(halvesBack[2 * pattern..<2 * pattern + 2] == patterns[2 * pattern..<2 * pattern + 2])
            }
            #expect(bfloats[pattern].bitPattern == UInt32(pattern) << 16)
            if !bfloats[pattern].isNaN {
                #expect(bfloatsBack[2 * pattern..<2 * pattern + 2] == patterns[2 * pattern..<2 * pattern + 2])
            }
        }
    }

    @Test func storingRoundsToNearest() throws {
        var generator = SplitMix64(seed: 5)
        let values =
            (0..<10_000).map { _ in Float.random(in: -70_000...70_000, using: &generator) }
            + (0..<10_000).map { _ in Float.random(in: -1e-4...1e-4, using: &generator) }
        let halves = try #require(quantize(values, as: .f16))
        for (index, value) in values.enumerated() {
            let bits = UInt16(halves[2 * index]) | UInt16(halves[2 * index + 1]) << 8
            #expect(bits == Float16(value).bitPattern, "\(value)")
        }
    }
}
