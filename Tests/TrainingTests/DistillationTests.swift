import Foundation
import Kernels
import Testing
import Tokens
import Training

/// Distillation: the network's gradient, runs, and what is kept of the teacher.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DistillationTests {
    /// Along the gradient itself its square is the slope.
    @Test(arguments: [(Float(1), Float(1)), (2, 0.6)]) func gradientIsTheDifferences(
        temperature: Float, alpha: Float
    ) throws {
        let golden = try TuningGolden("qwen2", facts: "adapter")
        let network = try golden.adapted()
        var random = RandomNumbers(seed: 8)
        let (targets, count) = (golden.batch.targetCount, 4)
        let ids: [Int32] = (0..<targets * count).map { place in
            let (row, column) = (place / count, place % count)
            return Int32(column * 23 + row % 20)
        }
        let probabilities = random.floats(targets * count, around: 1.1).map { $0 / 10 }
        let teacher = TrainingOperations.Teacher(
            count: count, ids: ids, probabilities: probabilities, temperature: temperature, alpha: alpha)
        func total(_ result: (loss: LossSum, divergence: Double)) -> Double {
            let (soft, hard) = (Double(alpha * temperature * temperature), Double(1 - alpha))
            return soft * result.divergence + hard * result.loss.sum
        }
        let result = network.forwardBackward(golden.batch, teacher: teacher, scale: 1)
        #expect(result.loss.targets == targets && result.divergence > 0)
        #expect(abs(result.loss.mean - golden.loss) < 1e-5 * golden.loss)
        let gradients = network.gradients.copy()
        let square = gradients.reduce(0.0) { $0 + Double($1) * Double($1) }
        let step = 0.02 / square.squareRoot()
        func moved(_ share: Double) -> Double {
            for index in gradients.indices { network.parameters[index] += Float(share * step) * gradients[index] }
            network.parametersChanged()
            return total(network.forwardBackward(golden.batch, teacher: teacher, scale: 1))
        }
        let (above, below) = (moved(1), moved(-2))
        let slope = (above - below) / (2 * step)
        #expect(abs(slope - square) <= 0.02 * square, "\(slope), \(square)")
    }

    /// A model is no distance from itself: what serves and what trains agree.
    @Test func aModelIsItsOwnTeacher() throws {
        let run = try TinyTuning(.distill, steps: 1)
        defer { run.remove() }
        let first = try #require(try steps(of: run).first?.measures["kl"])
        #expect(abs(first) < 1e-3, "\(first)")
    }

    @Test(arguments: [true, false]) func theStudentComesNearer(isAdapted: Bool) throws {
        let teacher = try Self.teacher()
        var run = try TinyTuning(
            .distill, steps: 40, dropout: 0, isAdapted: isAdapted,
            teacher: BaseReference(path: "\(teacher.path)/model"))
        defer { run.remove() }
        // The examples themselves would lead elsewhere.
        run.configuration.objective?.alpha = 1
        let found = try steps(of: run).compactMap { $0.measures["kl"] }
        let (first, last) = (found.prefix(3).reduce(0, +) / 3, found.suffix(3).reduce(0, +) / 3)
        #expect(found.count == 40 && first > 0.1, "\(first)")
        // Four ranks beside weights that mean nothing cannot learn much.
        #expect(last < (isAdapted ? 0.99 : 0.9) * first, "\(first), \(last)")
    }

    /// Stopped while the teacher was asked, or later; with some of its parts lost.
    @Test func stoppedAndResumedIsTheSame() throws {
        let whole = try TinyTuning(.distill)
        defer { whole.remove() }
        #expect(try whole.begin().run(until: StopRequest()) == .finished)
        let run = try TinyTuning(.distill)
        defer { run.remove() }
        let early = StopRequest()
        let outcome = try run.begin { if case .preparing = $0 { early.stop() } }.run(until: early)
        #expect(outcome == .stopped)
        let stop = StopRequest()
        let second = try Trainer(
            resuming: run.runFolder, pool: WorkerPool(threads: 1), progress: { _ in },
            report: { if case .step(let step) = $0, step.step == 7 { stop.stop() } }
        ).run(until: stop)
        #expect(second == .stopped)
        let folder = try #require(Self.table(run.runFolder))
        try FileManager.default.removeItem(atPath: "\(folder)/manifest.json")
        try FileManager.default.removeItem(atPath: "\(folder)/part-00000.bin")
        #expect(try run.resume().run(until: StopRequest()) == .finished)
        #expect(try run.weights(12) == whole.weights(12))
        // A part that is not what was written.
        let part = URL(filePath: "\(folder)/part-00000.bin")
        var bytes = try Data(contentsOf: part)
        bytes[40] ^= 1
        try bytes.write(to: part)
        #expect(throws: TrainingError.self) { try run.resume().run(until: StopRequest()) }
    }

    @Test func anotherTeacherIsRefused() throws {
        let teacher = try Self.teacher()
        let run = try TinyTuning(.distill, teacher: BaseReference(path: "\(teacher.path)/model"))
        defer { run.remove() }
        let file = URL(filePath: "\(teacher.path)/model/model.safetensors")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: file)
        let error = #expect(throws: TrainingError.self) { try run.begin().run(until: StopRequest()) }
        #expect(error?.description.contains("the teacher") == true)
    }

    @Test func vocabulariesAreCompared() throws {
        let model = try TinyModel()
        func tokenizer(_ change: (String) -> String = { $0 }) throws -> Tokenizer {
            let text = try String(contentsOf: URL(filePath: "\(model.path)/model/tokenizer.json"), encoding: .utf8)
            return try Tokenizer.huggingFace(
                tokenizerJSON: Array(change(text).utf8), tokenizerConfig: .object(model.source().tokenizerConfig))
        }
        let (own, other) = (try tokenizer(), try tokenizer { $0.replacing("<|endoftext|>", with: "<|the-end|>") })
        #expect(VocabularyComparison.difference(teacher: own, student: try tokenizer()) == nil)
        let difference = VocabularyComparison.difference(teacher: other, student: own)
        #expect(difference?.contains("<|the-end|>") == true, "\(difference ?? "")")
    }

    private static func teacher() throws -> TinyModel {
        try TinyModel { weights in for index in 0..<weights.count { weights[index] *= index % 3 == 0 ? 12 : 8 } }
    }

    private static func table(_ run: RunFolder) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: run.path)) ?? []
        return names.first { $0.hasPrefix("teacher-") }.map { "\(run.path)/\($0)" }
    }

    private func steps(of run: TinyTuning) throws -> [RunEvent.Step] {
        let events = EventList()
        #expect(try run.begin(events.add).run(until: StopRequest()) == .finished)
        return events.events.compactMap { if case .step(let step) = $0 { step } else { nil } }
    }
}
