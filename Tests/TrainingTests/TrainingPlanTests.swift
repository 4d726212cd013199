import Foundation
import Model
import Testing
import Training

/// Figures that others have published, from our formulae.
@Suite struct TrainingPlanTests {
    /// LLaMA (arXiv:2302.13971), tables 2 and 15; Llama 2 7B (arXiv:2307.09288), tables 1 and 2.
    private struct Published {
        var layers: Int
        var width: Int
        var heads: Int
        var feedForward: Int
        var sequence: Int
        var parameters: Double
        var tokens: Double
        var deviceHours: Double
        var megawattHours: Double?
    }

    private static let published = [
        Published(
            layers: 32, width: 4096, heads: 32, feedForward: 11_008, sequence: 2048, parameters: 6.7e9, tokens: 1e12,
            deviceHours: 82_432, megawattHours: 36),
        Published(
            layers: 40, width: 5120, heads: 40, feedForward: 13_824, sequence: 2048, parameters: 13e9, tokens: 1e12,
            deviceHours: 135_168, megawattHours: 59),
        Published(
            layers: 60, width: 6656, heads: 52, feedForward: 17_920, sequence: 2048, parameters: 32.5e9,
            tokens: 1.4e12, deviceHours: 530_432, megawattHours: 233),
        Published(
            layers: 80, width: 8192, heads: 64, feedForward: 22_016, sequence: 2048, parameters: 65.2e9,
            tokens: 1.4e12, deviceHours: 1_022_362, megawattHours: 449),
        Published(
            layers: 32, width: 4096, heads: 32, feedForward: 11_008, sequence: 4096, parameters: 6.7e9, tokens: 2e12,
            deviceHours: 184_320, megawattHours: nil),
    ]

    private static func model(_ published: Published) -> ModelConfiguration {
        var model = ModelConfiguration(
            family: .llama, layers: published.layers, embeddingDim: published.width, heads: published.heads,
            kvHeads: published.heads, headDim: published.width / published.heads,
            feedForwardDim: published.feedForward, vocabularySize: 32_000, contextTokens: published.sequence)
        model.tiesEmbeddings = false
        return model
    }

    @Test(arguments: published.indices) func publishedRuns(place: Int) throws {
        let published = Self.published[place]
        let plan = TrainingPlan(
            model: Self.model(published), tokens: published.tokens, machine: try #require(Machine.named("A100")))
        #expect(Self.isWithin(0.02, Double(plan.work.parameters), of: published.parameters))
        #expect(Self.isWithin(0.2, plan.deviceHours, of: published.deviceHours))
        if let energy = published.megawattHours {
            #expect(Self.isWithin(0.2, (plan.energyKilowattHours ?? 0) / 1000, of: energy))
        }
    }

    /// GPT-3 175B: 3.14e23 operations for 300 billion tokens (arXiv:2005.14165, table D.1, which leaves attention out).
    @Test func computeOfGPT3() {
        var model = ModelConfiguration(
            family: .llama, layers: 96, embeddingDim: 12_288, heads: 96, kvHeads: 96, headDim: 128,
            // Its two matrices of 4 widths are as large as three of 8/3.
            feedForwardDim: 32_768, vocabularySize: 50_257, contextTokens: 2048)
        model.tiesEmbeddings = true
        let work = TrainingWork(model)
        #expect(Self.isWithin(0.01, Double(work.parameters), of: 174.6e9))
        let products = (work.flopsPerToken - work.attentionFlopsPerToken) * 300e9
        #expect(Self.isWithin(0.01, products, of: 3.14e23))
    }

    /// "A thousand cards for a month": ten billion parameters and thirty times the tokens of the best use of compute.
    @Test func aThousandCardsForAMonth() throws {
        let model = try SizeDial.configuration(parameters: 10_000_000_000)
        var machine = try #require(Machine.named("a100"))
        machine.count = 1000
        let plan = TrainingPlan(model: model, tokens: 10e9 * 20 * 30, machine: machine)
        #expect((25...37).contains(plan.hours / 24), "\(plan.hours / 24) days")
    }

    @Test func moneyAndEnergyAddUp() {
        let model = Self.model(Self.published[0])
        let machine = Machine(name: "x", peakFlops: 1e15, utilisation: 0.5, watts: 500, count: 4, source: "")
        var plan = TrainingPlan(model: model, tokens: 1e12, machine: machine)
        #expect(plan.cost == nil)
        plan.prices = TrainingPlan.Prices(perHour: 2, perKilowattHour: 0.5)
        let energy = plan.deviceHours * 0.5 * 1.1
        #expect(Self.isWithin(1e-9, plan.energyKilowattHours ?? 0, of: energy))
        #expect(Self.isWithin(1e-9, plan.cost ?? 0, of: 2 * plan.deviceHours + 0.5 * energy))
        #expect(Self.isWithin(1e-9, plan.deviceHours, of: plan.hours * 4))
        let hours = plan.hours
        plan.recompute = .all
        #expect(Self.isWithin(1e-9, plan.hours, of: hours * 4 / 3))
        #expect(Self.isWithin(1e-9, plan.error(measuredTokensPerSecond: plan.tokensPerSecond / 2), of: 1))
    }

    private static func isWithin(_ part: Double, _ value: Double, of expected: Double) -> Bool {
        abs(value / expected - 1) <= part
    }
}
