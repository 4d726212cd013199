import Foundation
import Model
import Testing
import Training

@Suite struct SizeDialTests {
    /// What the dial says is what comes out, and the trainer can compute it.
    @Test(arguments: [0.8e6, 1e6, 3e6, 10e6, 30e6, 100e6, 300e6, 1e9, 10e9, 70e9])
    func sizesAreMet(parameters: Double) throws {
        let model = try SizeDial.configuration(parameters: Int(parameters))
        let count = TrainingWork.parameterCount(model)
        #expect(abs(Double(count) / parameters - 1) < 0.025, "\(count) for \(parameters): \(model)")
        #expect(model.embeddingDim % 32 == 0 && model.feedForwardDim % 32 == 0 && model.keyDim % 32 == 0)
        #expect(model.heads % model.kvHeads == 0 && model.heads * model.keyDim == model.embeddingDim)
        #expect((16...200).contains(model.embeddingDim / model.layers), "\(model)")
        #expect(ParameterLayout(model).count == count)
    }

    @Test func biggerIsNeverSmaller() throws {
        var last = 0
        for step in 0..<60 {
            let parameters = Int(800_000 * pow(1.13, Double(step)))
            let count = TrainingWork.parameterCount(try SizeDial.configuration(parameters: parameters))
            #expect(Double(count) > Double(last) * 0.97)
            last = count
        }
    }

    @Test func vocabularyAndContextCanBeGiven() throws {
        let model = try SizeDial.configuration(parameters: 3_000_000, vocabularySize: 6000, contextTokens: 777)
        #expect(model.vocabularySize == 6000 && model.contextTokens == 777)
        #expect(throws: TrainingError.self) {
            try SizeDial.configuration(parameters: 800_000, vocabularySize: 150_000)
        }
        #expect(throws: TrainingError.self) { try SizeDial.configuration(parameters: 10) }
    }

    @Test func recipesFollowCompute() {
        let small = TrainingRecipe(flops: 1e14, tokens: 20e6, sequence: 256)
        let large = TrainingRecipe(flops: 1e20, tokens: 20e9, sequence: 2048)
        #expect(small.learningRate == 3e-3)
        #expect(abs(large.learningRate / 9.86e-4 - 1) < 0.01)
        #expect(small.batchTokens % 256 == 0 && (5000...20_000).contains(small.batchTokens))
        #expect((900_000...1_200_000).contains(large.batchTokens))
        #expect(small.steps * small.batchTokens >= 20_000_000 && small.warmupSteps >= 1)
    }

    @Test func quantitiesAreReadAndWritten() {
        #expect(Quantity.parse("0.8M") == 800_000)
        #expect(Quantity.parse("10b") == 10e9)
        #expect(Quantity.parse("6T") == 6e12)
        #expect(Quantity.parse("1_000") == 1000)
        #expect(Quantity.parse("8k") == 8000)
        for text in ["", "x", "-1", "0", "1e300", "nan", "inf", "M"] { #expect(Quantity.parse(text) == nil, "\(text)") }
        #expect(Quantity.text(10_123_456) == "10.1M")
        #expect(Quantity.text(999_999) == "1M")
        #expect(Quantity.text(6e12) == "6T")
        #expect(Quantity.text(12) == "12")
    }
}
