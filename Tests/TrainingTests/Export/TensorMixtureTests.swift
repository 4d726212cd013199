import Kernels
import Model
import Testing
import Training

@Suite struct TensorMixtureTests {
    private func mixture(_ type: ExportType, pure: Bool = false, layers: Int = 16, tied: Bool = true) -> TensorMixture {
        TensorMixture(type: type, isPure: pure, layers: layers, isTied: tied)
    }

    @Test(arguments: ExportType.allCases) func vectorsStayAndHeadsGetMore(type: ExportType) {
        let mixture = mixture(type)
        #expect(mixture.type(TensorName(.attentionNorm, layer: 0), columns: nil) == .f32)
        #expect(mixture.type(TensorName(.query, layer: 0, isBias: true), columns: 256) == .f32)
        let head = mixture.type(TensorName(.embedding), columns: 512)
        #expect(head == (type.element.isFloat || type == .q8_0 ? type.element : .q6_K))
        #expect(mixture.type(TensorName(.query, layer: 3), columns: 512) == type.element)
    }

    /// As llama-quantize prints for 16 layers of Q4_K_M: layers 0, 1, 4, 7, 10, 13, 14, 15.
    @Test func someLayersGetMore() {
        let mixture = mixture(.q4_K)
        let more = (0..<16).filter { mixture.type(TensorName(.down, layer: $0), columns: 512) == .q6_K }
        #expect(more == [0, 1, 4, 7, 10, 13, 14, 15])
        #expect((0..<16).allSatisfy { mixture.type(TensorName(.up, layer: $0), columns: 512) == .q4_K })
        #expect((0..<16).filter { mixture.type(TensorName(.value, layer: $0), columns: 512) == .q6_K } == more)
    }

    @Test func pureFilesHaveOneType() {
        let mixture = mixture(.q4_K, pure: true)
        for name in [TensorName(.embedding), TensorName(.head), TensorName(.down, layer: 0)] {
            #expect(mixture.type(name, columns: 512) == .q4_K)
        }
    }

    @Test func rowsThatDoNotFitFallBack() {
        let up = TensorName(.up, layer: 2)
        #expect(mixture(.q4_K).type(up, columns: 96) == .q5_0)
        #expect(mixture(.q5_K).type(up, columns: 96) == .q5_1)
        #expect(mixture(.q6_K).type(up, columns: 96) == .q8_0)
        #expect(mixture(.q4_0).type(up, columns: 96) == .q4_0)
        for type in [ExportType.q4_K, .q4_0, .q8_0] { #expect(mixture(type).type(up, columns: 40) == .f16) }
        #expect(mixture(.f32).type(up, columns: 7) == .f32)
        #expect(mixture(.q4_K).type(TensorName(.embedding), columns: 96) == .q8_0)
        #expect(mixture(.q4_0).type(TensorName(.embedding), columns: 96) == .q8_0)
        #expect(mixture(.q4_K, tied: false).type(TensorName(.embedding), columns: 512) == .q4_K)
        #expect(mixture(.q4_K, tied: false).type(TensorName(.head), columns: 512) == .q6_K)
    }
}
