import Foundation
import JSON
import Kernels
import Model
import Testing
import Training
import Tuning

@Suite(.serialized, .timeLimit(.minutes(2))) struct GroupPolicyTests {
    /// Long answers are worth more.
    private static let long: JSONValue = ["type": "length", "min": 24, "max": 100, "unit": "characters"]

    private static func steps(_ events: [RunEvent]) -> [RunEvent.Step] {
        events.compactMap { if case .step(let step) = $0 { step } else { nil } }
    }

    @Test(arguments: [nil, AdapterSettings(rank: 4)]) func whatIsWorthMoreBecomesLikelier(
        adapter: AdapterSettings?
    ) throws {
        let run = try TinyTasks(adapter: adapter, steps: adapter == nil ? 30 : 50, reward: Self.long)
        defer { run.remove() }
        var events: [RunEvent] = []
        #expect(try run.begin { events.append($0) }.run(until: StopRequest()) == .finished)
        let steps = Self.steps(events)
        func mean(_ steps: some Collection<RunEvent.Step>, _ name: String) -> Double {
            steps.reduce(0) { $0 + ($1.measures[name] ?? .nan) } / Double(steps.count)
        }
        // Four ranks beside weights that mean nothing cannot learn much.
        if adapter == nil { #expect(mean(steps.suffix(8), "reward") > mean(steps.prefix(8), "reward") + 0.05) }
        #expect(mean(steps, "mismatch") < 0.1, "the engine's weights are the trainer's")
        #expect(mean(steps.suffix(8), "kl") > mean(steps.prefix(2), "kl"))
        let validations = events.compactMap { if case .validation(let found) = $0 { found } else { nil } }
        #expect(validations.count > 5)
        for name in ["accuracy", "reward", "length", "truncated"] {
            #expect(validations.allSatisfy { $0.measures[name]?.isFinite == true }, "\(name)")
        }
    }

    @Test(arguments: [nil, AdapterSettings(rank: 4, dropout: 0.2)]) func stoppedAndResumedIsTheSame(
        adapter: AdapterSettings?
    ) throws {
        let whole = try TinyTasks(adapter: adapter, beta: 0.05, steps: 7, reward: Self.long)
        defer { whole.remove() }
        #expect(try whole.begin().run(until: StopRequest()) == .finished)
        for stopAt in [1, 4, 5] {
            let run = try TinyTasks(adapter: adapter, beta: 0.05, steps: 7, reward: Self.long)
            defer { run.remove() }
            let stop = StopRequest()
            let outcome = try run.begin { if case .step(let step) = $0, step.step == stopAt { stop.stop() } }
                .run(until: stop)
            #expect(outcome == .stopped)
            #expect(try run.resume().run(until: StopRequest()) == .finished)
            #expect(try run.weights(7) == whole.weights(7), "stopped at \(stopAt)")
        }
    }

    @Test func groupsOfTheSameRewardTeachNothing() throws {
        let run = try TinyTasks(adapter: nil, steps: 12, reward: ["type": "exact", "answer": "never written"])
        defer { run.remove() }
        var events: [RunEvent] = []
        #expect(try run.begin { events.append($0) }.run(until: StopRequest()) == .finished)
        #expect(Self.steps(events).isEmpty)
        #expect(events.count { if case .skipped = $0 { true } else { false } } == 12)
        let kinds = events.compactMap { if case .noticed(let notice) = $0 { notice.kind } else { nil } }
        #expect(kinds.contains("degenerate"))
    }

    @Test func otherTasksAreRefused() throws {
        let run = try TinyTasks(adapter: nil, steps: 2, reward: Self.long)
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        try run.runFolder.keep(tasks: Array(run.file.bytes.dropLast(2)) + [0x0A])
        let error = #expect(throws: TrainingError.self) { try run.resume() }
        #expect(error?.description.contains("tasks.jsonl") == true)
    }

    /// The gradient that the lesson gives the network is that of the objective, by differences.
    @Test func gradientsAreDifferences() throws {
        let (network, _) = try TinyNetwork.whole(.fp32)
        let start = network.initialParameters(seed: 3)
        let items = (0..<3).map { index in
            AnswerBatch.Item(answer: index, prompt: [1, 2, 5 + Int32(index)], tokens: [7, 9, Int32(11 * index), 3])
        }
        let batch = try #require(AnswerBatch.pack(items, rows: 2, sequence: 64).first)
        let advantages = [1.2, -0.7, 0.4]
        let objective = PolicyObjective(beta: 0.3)
        let startLosses = network.withParameters(start) { network.losses(batch.batch) }
        func tokens(_ losses: [Float]) -> [(position: Int, token: PolicyObjective.Token)] {
            batch.parts.flatMap { part in
                part.positions.map { position in
                    let token = PolicyObjective.Token(
                        nats: Double(losses[position]), sampledNats: nil, startNats: Double(startLosses[position]),
                        advantage: advantages[part.answer])
                    return (position, token)
                }
            }
        }
        func loss() -> Double { tokens(network.losses(batch.batch)).reduce(0) { $0 + objective.loss($1.token) } }
        Gradients.zero(network.gradients, pool: try WorkerPool(threads: 1))
        _ = network.forwardBackward(batch.batch) { losses in
            var weights = [Float](repeating: 0, count: losses.count)
            for (position, token) in tokens(losses) { weights[position] = Float(objective.weight(token)) }
            return weights
        }
        var random = SplitMix64(seed: 12)
        for entry in network.layout.entries where entry.kind == .matrix {
            let index = entry.offset + Int.random(in: 0..<entry.count, using: &random)
            let old = network.parameters[index]
            let step: Float = 0.01
            func at(_ value: Float) -> Double {
                network.parameters[index] = value
                network.parametersChanged()
                return loss()
            }
            let slope = (at(old + step) - at(old - step)) / Double(2 * step)
            network.parameters[index] = old
            network.parametersChanged()
            let gradient = Double(network.gradients[index])
            #expect(abs(slope - gradient) < 0.02 * max(0.02, abs(gradient)), "\(entry.name): \(slope), \(gradient)")
        }
    }
}
