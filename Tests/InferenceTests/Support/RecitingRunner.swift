import Foundation
import Inference
import Kernels
import Synchronization

/// A stand-in for a model: its logits are a hash of all tokens that it finds in the pages it is given, so a wrong
/// page, a missing token or another's token changes the answer.
final class RecitingRunner: StepRunner, @unchecked Sendable {
    // Sendable: `memory` and `rows` are touched by the engine's thread alone, `seen` has a lock.
    struct Seen {
        var steps: [[Step.Run]] = []
        var computedTokens: Int { steps.joined().reduce(0) { $0 + $1.tokens.count } }
    }

    let vocabularySize = 40
    let hiddenDim = 8
    let workers = 1
    private var memory: PageMemory
    private let seen = Mutex(Seen())
    /// When set, each step waits for a signal.
    private let gate: DispatchSemaphore?
    /// A token after which the logits are not numbers.
    private let poison: Int32?
    /// How many of the last tokens count: few make texts that repeat themselves.
    private let contextTokens: Int
    /// In how many of a hundred contexts it says something else.
    private let mistakes: UInt64

    init(
        pages: Int, gate: DispatchSemaphore? = nil, poison: Int32? = nil, contextTokens: Int = .max,
        mistakes: UInt64 = 0
    ) {
        self.contextTokens = contextTokens
        self.mistakes = mistakes
        memory = PageMemory(pages: pages)
        self.gate = gate
        self.poison = poison
    }

    var record: Seen { seen.withLock { $0 } }

    func copyPage(from source: Int32, to target: Int32) {
        memory.copy(Step.Copy(source: source, target: target))
    }

    func run(_ runs: [Step.Run]) -> StepRows {
        seen.withLock { $0.steps.append(runs) }
        gate?.wait()
        for run in runs { memory.store(run) }
        var logits: [[Float]] = []
        var hidden: [[Float]] = []
        var ranges: [Range<Int>] = []
        for run in runs {
            let end = run.firstPosition + run.tokens.count
            let context = memory.tokens(run.pages, count: end)
            switch run.wants {
            case .nothing: ranges.append(0..<0)
            case .lastLogits:
                logits.append(self.logits(context))
                ranges.append(logits.count - 1..<logits.count)
            case .allLogits:
                let first = logits.count
                for count in run.firstPosition + 1...end { logits.append(self.logits(Array(context.prefix(count)))) }
                ranges.append(first..<logits.count)
            case .hiddenStates:
                let first = hidden.count
                for count in run.firstPosition + 1...end {
                    hidden.append(Array(self.logits(Array(context.prefix(count))).prefix(hiddenDim)))
                }
                ranges.append(first..<hidden.count)
            }
        }
        return StepRows(
            logits: Matrix(rows: logits.count, columns: vocabularySize, values: logits.flatMap(\.self)),
            hidden: Matrix(rows: hidden.count, columns: hiddenDim, values: hidden.flatMap(\.self)), ranges: ranges)
    }

    func forEach(count: Int, _ body: (Int, Int) -> Void) {
        for item in 0..<count { body(item, 0) }
    }

    /// What the model says after these tokens.
    func logits(_ context: [Int32?]) -> [Float] {
        if let poison, context.last == poison { return Array(repeating: .nan, count: vocabularySize) }
        var hash: UInt64 = 1
        for token in context.suffix(contextTokens) {
            hash = (hash ^ UInt64(bitPattern: Int64(token ?? -7))) &* 0x100_0000_01b3 &+ 99
        }
        if hash >> 8 % 100 < mistakes { hash = ~hash }
        var random = RandomSource(seed: hash)
        return (0..<vocabularySize).map { _ in Float(random.uniform() * 8) }
    }

    /// The greedy answer, without an engine.
    func answer(to prompt: [Int32], tokens: Int) -> [Int32] {
        var context = prompt.map(Optional.some)
        for _ in 0..<tokens {
            let row = logits(context)
            context.append(Int32(row.indices.max { (row[$0], -$0) < (row[$1], -$1) } ?? 0))
        }
        return context.dropFirst(prompt.count).compactMap(\.self)
    }
}
