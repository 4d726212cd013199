import Foundation
import Kernels
import Testing

extension KernelsSuite {
    @Suite struct QuantizeTests {
        static let blocks: [ElementType] = [.q8_0, .q6_K, .q5_K, .q5_1, .q5_0, .q4_K, .q4_1, .q4_0]

        /// Steps between the smallest and the largest number of a block.
        private func levels(_ type: ElementType) -> Float {
            switch type {
            case .q8_0: 254
            case .q6_K: 63
            case .q5_0, .q5_1, .q5_K: 31
            default: 15
            }
        }

        private func back(_ values: [Float], _ type: ElementType) throws -> [Float] {
            let bytes = try #require(quantize(values, as: type))
            return try dequantize(type, ByteView(copying: bytes), count: values.count)
        }

        private func error(_ values: [Float], _ type: ElementType) throws -> Double {
            let back = try back(values, type)
            let squares = zip(values, back).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
            return (squares / Double(values.count)).squareRoot()
        }

        /// Root mean square errors on normal numbers of deviation 1, as a share of what ggml's own quantisers (b7000,
        /// without importances) leave: 0.00536, 0.01775, 0.03613, 0.03782, 0.04273, 0.07135, 0.07820, 0.08605.
        @Test(arguments: zip(blocks, [0.00536, 0.01775, 0.03613, 0.03782, 0.04273, 0.07135, 0.07820, 0.08605]))
        func losesLessThanThePeer(type: ElementType, peer: Double) throws {
            var generator = SplitMix64(seed: 3)
            let values = (0..<256 * 256).map { _ in
                let radius = (-2 * log(Double.random(in: 1e-12..<1, using: &generator))).squareRoot()
                return Float(radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator)))
            }
            let error = try error(values, type)
            #expect(error < peer, "\(type.name): \(error) beside \(peer)")
        }

        @Test(arguments: blocks) func staysWithinAStep(type: ElementType) throws {
            let seed: UInt64 = 9
            var generator = SplitMix64(seed: seed)
            let values = generator.normals(256 * 64)
            let back = try back(values, type)
            for block in stride(from: 0, to: values.count, by: type.blockElements) {
                let span = 2 * (values[block..<block + type.blockElements].map(abs).max() ?? 0)
                for index in block..<block + type.blockElements {
                    #expect(abs(back[index] - values[index]) <= 1.3 * span / levels(type), "seed \(seed)")
                }
            }
        }

        /// What a block can say exactly comes back so.
        @Test(arguments: blocks) func whatABlockHoldsIsKept(type: ElementType) throws {
            var generator = SplitMix64(seed: 21)
            let low: Float = [.q4_1, .q5_1, .q4_K, .q5_K].contains(type) ? 0 : -(levels(type) / 2).rounded(.up)
            let high = low + levels(type)
            var values = (0..<512).map { _ in Float.random(in: low...high, using: &generator).rounded() / 64 }
            for start in stride(from: 0, to: values.count, by: 16) {
                values[start] = low / 64
                values[start + 1] = high / 64
            }
            if type == .q8_0 { values = values.map { max($0, -127 / 64) } }
            let back = try back(values, type)
            for (value, again) in zip(values, back) { #expect(abs(value - again) <= 2e-3 * (high - low) / 64) }
        }

        @Test(arguments: blocks) func adversarialBlocks(type: ElementType) throws {
            #expect(try back([Float](repeating: 0, count: 256), type).allSatisfy { $0 == 0 })
            #expect(try back([Float](repeating: -0.0, count: 256), type).allSatisfy { $0 == 0 })
            for tiny in [Float.leastNonzeroMagnitude, .leastNormalMagnitude, 1e-30, 1e-20, 1e-9] {
                let values = (0..<256).map { $0 % 3 == 0 ? -tiny : tiny }
                #expect(try back(values, type).allSatisfy { abs($0) <= 1e-7 }, "\(tiny)")
            }
            for (sign, size) in [(1, 1), (-1, 1), (1, 60_000), (-1, 60_000)] as [(Float, Float)] {
                var outlier = [Float](repeating: 0, count: 256)
                outlier[77] = sign * size
                let back = try back(outlier, type)
                #expect(abs(back[77] - sign * size) <= size / 100, "\(type.name) \(back[77])")
                #expect(back.indices.allSatisfy { $0 == 77 || abs(back[$0]) <= size / 100 })
            }
            let equal = try back([Float](repeating: -3, count: 256), type)
            #expect(equal.allSatisfy { abs($0 + 3) <= 0.04 }, "\(type.name) \(equal[0])")
        }

        @Test func whatDoesNotFitIsFound() {
            for type in Self.blocks + [.f16, .bf16, .f32] {
                for bad in [Float.nan, .infinity, -.infinity, type == .f32 || type == .bf16 ? .infinity : 70_000] {
                    var values = [Float](repeating: 1, count: 256 * 200)
                    values[40_001] = bad
                    values[50_000] = bad
                    var output = [UInt8](repeating: 0, count: type.bytes(elements: values.count))
                    let place = values.withUnsafeBufferPointer { source in
                        output.withUnsafeMutableBytes { quantize(source, as: type, into: $0) }
                    }
                    #expect(place == 40_001, "\(type.name) \(bad)")
                }
            }
            #expect(quantize([.nan], as: .q8_0) == nil && quantize([1, 2], as: .q4_K) == nil)
            #expect(quantize([Float](repeating: 1, count: 256), as: .q2_K) == nil)
        }

        @Test(arguments: blocks) func everyVariantAndPoolGivesTheSameBytes(type: ElementType) throws {
            let seed: UInt64 = 31
            var generator = SplitMix64(seed: seed)
            let values = generator.normals(256 * 70).enumerated().map { $1 * ($0 % 5000 < 2500 ? 0.02 : 3) }
            let pool = try WorkerPool(threads: 3)
            let before = Kernels.supported.first { $0.name == Kernels.variantName }
            defer { if let before { _ = Kernels.select(before) } }
            var outputs: [[UInt8]] = []
            for variant in Kernels.supported {
                #expect(Kernels.select(variant))
                outputs.append(try #require(quantize(values, as: type)))
                var output = [UInt8](repeating: 0, count: type.bytes(elements: values.count))
                let place = values.withUnsafeBufferPointer { source in
                    output.withUnsafeMutableBytes { quantize(source, as: type, into: $0, on: pool) }
                }
                #expect(place == nil)
                outputs.append(output)
            }
            #expect(outputs.allSatisfy { $0 == outputs[0] }, "seed \(seed)")
        }
    }
}
