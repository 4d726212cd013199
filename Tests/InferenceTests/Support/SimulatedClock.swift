import Inference
import Kernels
import Synchronization

/// A clock that only computing moves, so that what the engine measures is what a test wants.
final class SimulatedClock: Sendable {
    private let time = Mutex(0.0)

    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }

    var now: @Sendable () -> Double { { self.time.withLock { $0 } } }
}

/// A runner whose steps take simulated time: a part for the step and a part for each token.
final class TimedRunner: StepRunner {
    private let runner: any StepRunner
    private let clock: SimulatedClock
    private let stepSeconds: Double
    private let tokenSeconds: Double

    init(_ runner: any StepRunner, _ clock: SimulatedClock, stepSeconds: Double, tokenSeconds: Double) {
        self.runner = runner
        self.clock = clock
        self.stepSeconds = stepSeconds
        self.tokenSeconds = tokenSeconds
    }

    var vocabularySize: Int { runner.vocabularySize }
    var hiddenDim: Int { runner.hiddenDim }
    var workers: Int { runner.workers }

    func copyPage(from source: Int32, to target: Int32) { runner.copyPage(from: source, to: target) }

    func run(_ runs: [Step.Run]) -> StepRows {
        clock.advance(stepSeconds + tokenSeconds * Double(runs.reduce(0) { $0 + $1.tokens.count }))
        return runner.run(runs)
    }

    func forEach(count: Int, _ body: (Int, Int) -> Void) { runner.forEach(count: count, body) }
}
