import Kernels

/// Changes parameters by their gradients: AdamW (Loshchilov and Hutter, 2019), or Muon (Jordan et al., 2024) for
/// matrices and AdamW for the rest.
///
///     let optimizer = try Optimizer(settings: OptimizerSettings(kind: .adamw), layout: network.layout, pool: pool)
///     optimizer.step(
///         parameters: network.parameters, gradients: network.gradients, learningRate: 1e-3, step: 1,
///         gradientScale: 1)
///     network.parametersChanged()
///
/// A step is a function of parameters, gradients and `state`, bit for bit, with any number of workers.
package final class Optimizer {
    package let settings: OptimizerSettings
    private let layout: ParameterLayout
    private let pool: WorkerPool
    /// AdamW's moments, of the numbers that it changes.
    private let first: FloatBuffer
    private let second: FloatBuffer
    private let pieces: [Piece]
    private let muon: Muon?

    /// Neighbouring numbers of one entry.
    private struct Piece {
        let range: Range<Int>
        /// Where its moments begin.
        let moments: Int
        let decays: Bool
    }

    /// - Throws: `TrainingError.kernels` when there is no memory.
    package init(settings: OptimizerSettings, layout: ParameterLayout, pool: WorkerPool) throws(TrainingError) {
        self.settings = settings
        self.layout = layout
        self.pool = pool
        let isMuon = settings.kind == .muon
        var pieces: [Piece] = []
        var moments = 0
        for entry in layout.entries where !(isMuon && entry.kind == .matrix) {
            for begin in stride(from: entry.offset, to: entry.range.upperBound, by: Gradients.pieceNumbers) {
                let range = begin..<min(entry.range.upperBound, begin + Gradients.pieceNumbers)
                pieces.append(Piece(range: range, moments: moments, decays: entry.kind.decays))
                moments += range.count
            }
        }
        self.pieces = pieces
        first = FloatBuffer(count: moments)
        second = FloatBuffer(count: moments)
        do {
            let matrices = layout.entries.filter { $0.kind == .matrix }
            muon = isMuon ? try Muon(settings, matrices) : nil
        } catch {
            throw .kernels(error)
        }
    }

    /// What a checkpoint holds, in a fixed order.
    package var state: [(name: String, buffer: FloatBuffer)] {
        [("adamw.first_moment", first), ("adamw.second_moment", second)]
            + (muon.map { [("muon.momentum", $0.average)] } ?? [])
    }

    /// Changes the parameters.
    ///
    /// - Parameters:
    ///   - step: from 1 on: AdamW's moments begin at zero, which is corrected for.
    ///   - gradientScale: gradients are multiplied by it (clipping).
    package func step(
        parameters: FloatBuffer, gradients: FloatBuffer, learningRate: Float, step: Int, gradientScale: Float
    ) {
        precondition(step >= 1 && parameters.count == layout.count && gradients.count == layout.count)
        pool.forEach(count: pieces.count) { index, _ in
            let piece = pieces[index]
            OptimizerOperations.adamw(
                piece.range, parameters: parameters, gradients: gradients, first: first, second: second,
                momentsAt: piece.moments,
                OptimizerOperations.AdamW(
                    learningRate: learningRate, beta1: settings.beta1, beta2: settings.beta2,
                    epsilon: settings.epsilon, decay: piece.decays ? learningRate * settings.weightDecay : 0,
                    step: step, gradientScale: gradientScale))
        }
        muon?.step(
            parameters: parameters, gradients: gradients, learningRate: learningRate, gradientScale: gradientScale,
            on: pool)
    }
}
