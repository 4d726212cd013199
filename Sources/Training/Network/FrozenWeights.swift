import Kernels
import Synchronization

/// The base model's weights beneath an adapter. They stay quantised: as the serving kernels want them for the way
/// forward, in the mapped file for the way back, of which panels are made when a layer is computed and kept while they
/// fit the limit.
///
///     layers                      0 … k                    k + 1 … last        head
///     forward                     packed as serving has them
///     panels of columns (back)    one layer's, expanded    kept                kept
///                                 anew each pass
///
/// In fp32, and where weights are floats, both directions have panels:
///
///     panels of rows (forward)    one layer's, expanded    kept                kept
///                                 anew each pass
///     panels of columns (back)    one layer's, turned from those of rows       kept
///
/// Turning costs little, and keeping both would take twice the memory.
final class FrozenWeights: Sendable {
    let base: BaseModel
    let layers: [LayerWeights]
    let norm: VectorWeight
    let head: PackedWeight
    /// Products forward are the serving kernels'.
    let isQuantized: Bool
    /// Layers below this one share their panels.
    let shared: Int
    private let made = Mutex(Made())
    private let vectors: FloatBuffer
    private let scratch: [NumberMatrix]
    private let memory: MatrixMemory
    private let headName: String

    /// Rows that one piece of work expands.
    private static let rowsOfPiece = 32

    /// Whose panels the shared ones are.
    private struct Made {
        /// Those of rows; in quantised weights those of columns.
        var expanded: Int?
        var turned: Int?
    }

    /// What an adapter trains, and where its numbers lie.
    struct Adapted {
        let settings: AdapterSettings
        let layout: ParameterLayout
        let parameters: FloatBuffer
        let gradients: FloatBuffer
        let scratch: [WeightGroup: AdapterScratch]
    }

    /// - Parameter panelBytesMax: of all panels and packed weights; the head's and one layer's panels are made even
    ///   when they are more.
    init(
        _ base: BaseModel, _ shape: Shape, _ adapted: Adapted, precision: Precision, panelBytesMax: Int,
        on pool: WorkerPool
    ) throws(KernelsError) {
        let all = ParameterLayout(base.configuration)
        let own = Self.vectors(all)
        let vectors = FloatBuffer(count: own.count)
        for entry in own.entries { base.read(entry, into: vectors, on: pool) }
        let matrices = try FrozenMatrices(
            base, shape, adapted, precision: precision, panelBytesMax: panelBytesMax, on: pool)
        var layers: [LayerWeights] = []
        for layer in 0..<shape.layers {
            layers.append(
                try LayerWeights(layer: layer, shape) { names in
                    VectorWeight(names, own, parameters: vectors, gradients: nil)
                } matrix: { group throws(KernelsError) in
                    try matrices.weight(group, layer: layer)
                })
        }
        var memory = MatrixMemory()
        var scratch: [NumberMatrix] = []
        for _ in 0..<pool.threads {
            scratch.append(
                try memory.matrix(Self.rowsOfPiece, max(shape.width, shape.inner, shape.queryColumns), .fp32))
        }
        norm = VectorWeight(["model.norm.weight"], own, parameters: vectors, gradients: nil)
        (self.base, self.layers, self.vectors) = (base, layers, vectors)
        (self.scratch, self.memory) = (scratch, memory)
        (head, headName) = (matrices.head, matrices.headName)
        (isQuantized, shared) = (matrices.isQuantized, matrices.shared)
    }

    /// Norms and biases, one after the other.
    private static func vectors(_ all: ParameterLayout) -> ParameterLayout {
        var entries: [ParameterLayout.Entry] = []
        var offset = 0
        for entry in all.entries where entry.shape.count == 1 {
            entries.append(.init(name: entry.name, shape: entry.shape, offset: offset, kind: entry.kind))
            offset += entry.count
        }
        return ParameterLayout(entries: entries, count: offset)
    }

    /// Panels of the head and of all layers that keep theirs.
    func expandKept(on pool: WorkerPool) {
        expand([(head, 0, headName)], on: pool)
        if !isQuantized { turn([head], on: pool) }
        for layer in 0..<layers.count where isKept(layer) { expand(layer, on: pool) }
    }

    /// A layer's panels, where they are not there; those of columns only when they are needed.
    func prepare(_ layer: Int, isBackward: Bool, on pool: WorkerPool) {
        if isQuantized && !isBackward { return }
        var now = made.withLock { $0 }
        if !isKept(layer), now.expanded != layer {
            expand(layer, on: pool)
            packAdapters(of: layer, on: pool)
            now.expanded = layer
        }
        if isBackward, !isQuantized, now.turned != layer {
            let packed = layers[layer].packed
            turn(packed, on: pool)
            pool.forEach(count: packed.count) { group, _ in
                packed[group].adapter?.packBack(into: packed[group].backward)
            }
            now.turned = layer
        }
        made.withLock { [now] in $0 = now }
    }

    /// A's and B's, but for those that are packed with the panels of their layers.
    func packAdapters(on pool: WorkerPool) {
        for layer in 0..<layers.count where isKept(layer) || isQuantized { packAdapters(of: layer, on: pool) }
        made.withLock { $0 = Made() }
    }

    private func packAdapters(of layer: Int, on pool: WorkerPool) {
        let packed = layers[layer].packed
        pool.forEach(count: packed.count) { group, _ in
            packed[group].adapter?.pack(into: packed[group].forward.panels)
            if isQuantized { packed[group].adapter?.packBack(into: packed[group].backward) }
        }
    }

    /// Panels of columns from those of rows.
    private func turn(_ weights: [PackedWeight], on pool: WorkerPool) {
        var pieces: [(weight: PackedWeight, from: Panels, panel: Int)] = []
        for weight in weights {
            guard let panels = weight.forward.panels else { continue }
            pieces += (0..<panels.count).map { (weight, panels, $0) }
        }
        pool.forEach(count: pieces.count) { piece, _ in
            let (weight, from, panel) = pieces[piece]
            weight.backward.turn(panel, of: from, columns: weight.columns)
        }
    }

    private func isKept(_ layer: Int) -> Bool { layer >= shared || shared == 1 }

    private func expand(_ layer: Int, on pool: WorkerPool) {
        var matrices: [(PackedWeight, first: Int, name: String)] = []
        for group in WeightGroup.allCases {
            let weight = layers[layer].packed[group.rawValue]
            var first = 0
            for name in group.names(layer: layer) {
                matrices.append((weight, first, name))
                first += base.rows(name)
            }
        }
        expand(matrices, on: pool)
    }

    private func expand(
        _ matrices: [(weight: PackedWeight, first: Int, name: String)], on pool: WorkerPool
    ) {
        var pieces: [(matrix: Int, row: Int)] = []
        for (index, matrix) in matrices.enumerated() {
            pieces += stride(from: 0, to: base.rows(matrix.name), by: Self.rowsOfPiece).map { (index, $0) }
        }
        pool.forEach(count: pieces.count) { piece, worker in
            let (weight, first, name) = matrices[pieces[piece].matrix]
            let row = pieces[piece].row
            let rows = row..<min(base.rows(name), row + Self.rowsOfPiece)
            let floats = scratch[worker].reshaped(rows: rows.count, columns: weight.columns)
            base.read(name, rows: rows, into: floats)
            if let panels = weight.forward.panels {
                panels.pack(rowsOf: floats, atLane: first + row)
            } else {
                weight.backward.pack(columnsOf: floats, at: first + row)
            }
        }
        for matrix in matrices { base.releasePages(matrix.name) }
    }

    /// Rows of the table.
    func lookUp(_ tokens: ArraySlice<Int32>, into x: NumberMatrix) {
        for (row, token) in tokens.enumerated() {
            base.read("model.embed_tokens.weight", rows: Int(token)..<Int(token) + 1, into: x.rows(row..<row + 1))
        }
    }
}
