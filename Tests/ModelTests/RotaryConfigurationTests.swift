import Foundation
import JSON
import Model
import Testing

@Suite struct RotaryConfigurationTests {
    /// Frequencies that transformers computes (Goldens/make_models.py), for heads of 64.
    @Test(arguments: ["llama3", "linear", "yarn", "yarn_set"]) func matchesTransformers(name: String) throws {
        let cases = try JSONValue(parsing: try String(contentsOf: try Golden.url("rotary.json"), encoding: .utf8))
        let golden = try #require(cases[name])
        let shape = try ModelConfigurationTests.huggingFace([
            "hidden_size": 256, "max_position_embeddings": 131_072,
            "rope_parameters": try #require(golden["rope_parameters"]),
        ])
        let frequencies = shape.rotary.inverseFrequencies()
        let expected = try #require(golden["frequencies"]?.array).compactMap(\.double)
        #expect(frequencies.count == 32 && expected.count == 32)
        for (ours, theirs) in zip(frequencies, expected) { #expect(abs(ours / theirs - 1) < 1e-5) }
        let magnitude = try #require(golden["magnitude"]?.double)
        #expect(abs(shape.rotary.magnitude - magnitude) < 1e-6)
    }

    @Test func factorsOfTheFileDivide() {
        let rotary = RotaryConfiguration(base: 100, dimensions: 4, style: .interleaved, scaling: .none)
        #expect(rotary.inverseFrequencies() == [1, 0.1])
        #expect(rotary.inverseFrequencies(factors: [1, 4]) == [1, 0.025])
    }
}
