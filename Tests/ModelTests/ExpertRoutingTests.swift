import Kernels
import Model
import Testing

@Suite struct ExpertRoutingTests {
    private func configuration(used: Int, normalizes: Bool) -> ExpertConfiguration {
        ExpertConfiguration(count: 4, used: used, feedForwardDim: 8, normalizesShares: normalizes)
    }

    @Test func chosenAreMostProbableInOrderOfExperts() {
        let probabilities = Matrix(rows: 2, columns: 4, values: [0.25, 0.125, 0.5, 0.125, 0.1, 0.6, 0.1, 0.2])
        let routing = ExpertRouting(probabilities, configuration(used: 2, normalizes: false))
        #expect(routing.choices[0].map(\.expert) == [0, 2])
        #expect(routing.choices[0].map(\.share) == [0.25, 0.5])
        #expect(routing.choices[1].map(\.expert) == [1, 3])
        let visits = routing.visits(experts: 4)
        #expect(visits.map { $0.map(\.row) } == [[0], [1], [0], [1]])
        #expect(visits[2][0].share == 0.5)
    }

    @Test func sharesAreDividedByTheirSum() {
        let probabilities = Matrix(rows: 1, columns: 4, values: [0.25, 0.125, 0.5, 0.125])
        let routing = ExpertRouting(probabilities, configuration(used: 3, normalizes: true))
        // Of equals the first.
        #expect(routing.choices[0].map(\.expert) == [0, 1, 2])
        #expect(abs(routing.choices[0].map(\.share).reduce(0, +) - 1) < 1e-6)
    }

    /// Weights that overflow give numbers that are none; the choice still has its size.
    @Test func notANumber() {
        let probabilities = Matrix(rows: 1, columns: 4, values: [.nan, .nan, .nan, .nan])
        let routing = ExpertRouting(probabilities, configuration(used: 4, normalizes: true))
        #expect(routing.choices[0].map(\.expert) == [0, 1, 2, 3])
    }
}
