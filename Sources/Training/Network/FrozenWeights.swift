import Kernels
import Synchronization

/// The base model's weights beneath an adapter. Matrices stay quantised in their mapped file; panels of them are made
/// when a layer is computed, and kept while they fit the limit.
///
///     layers                      0 … k                    k + 1 … last        head
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

    /// - Parameter panelBytesMax: of all panels; the head's and one layer's are made even when they are more.
    init(
        _ base: BaseModel, _ shape: Shape, _ adapted: Adapted, precision: Precision, panelBytesMax: Int,
        on pool: WorkerPool
    ) throws(KernelsError) {
        self.base = base
        let all = ParameterLayout(base.configuration)
        let own = Self.vectors(all)
        let vectors = FloatBuffer(count: own.count)
        for entry in own.entries { base.read(entry, into: vectors, on: pool) }
        func panels(_ group: WeightGroup) throws(KernelsError) -> (forward: Panels, backward: Panels) {
            try PackedWeight.panels(
                rows: group.rows(shape).reduce(0, +), columns: group.columns(shape),
                room: adapted.scratch[group]?.room ?? 0, precision)
        }
        func forward(_ group: WeightGroup) throws(KernelsError) -> Panels {
            try Panels(
                lanes: group.rows(shape).reduce(0, +),
                depth: group.columns(shape) + (adapted.scratch[group]?.room ?? 0), precision: precision)
        }
        let name = base.configuration.tiesEmbeddings == false ? "lm_head.weight" : "model.embed_tokens.weight"
        let (vocabulary, width) = (shape.vocabularySize, shape.width)
        head = PackedWeight(
            rows: vocabulary, columns: width,
            panels: try PackedWeight.panels(rows: vocabulary, columns: width, room: 0, precision), adapter: nil)
        var common: [(forward: Panels, backward: Panels)] = []
        for group in WeightGroup.allCases { common.append(try panels(group)) }
        let (bytes, turned) = common.reduce((0, 0)) { ($0.0 + $1.forward.bytes, $0.1 + $1.backward.bytes) }
        let kept = max(0, panelBytesMax - head.forward.bytes - head.backward.bytes - turned) / bytes
        // With room for all of them nothing is made twice, and the common ones are the first layer's.
        let shared = kept >= shape.layers ? 1 : shape.layers - max(0, kept - 1)
        var layers: [LayerWeights] = []
        for layer in 0..<shape.layers {
            layers.append(
                try LayerWeights(layer: layer, shape) { names in
                    VectorWeight(names, own, parameters: vectors, gradients: nil)
                } matrix: { group throws(KernelsError) in
                    PackedWeight(
                        rows: group.rows(shape).reduce(0, +), columns: group.columns(shape),
                        panels: layer < shared
                            ? common[group.rawValue] : (try forward(group), common[group.rawValue].backward),
                        adapter: try AdapterWeight(
                            group, layer: layer, adapted.settings, shape, adapted.layout,
                            parameters: adapted.parameters, gradients: adapted.gradients,
                            scratch: adapted.scratch[group], precision: precision))
                })
        }
        var memory = MatrixMemory()
        var scratch: [NumberMatrix] = []
        for _ in 0..<pool.threads {
            scratch.append(
                try memory.matrix(Self.rowsOfPiece, max(shape.width, shape.inner, shape.queryColumns), .fp32))
        }
        norm = VectorWeight(["model.norm.weight"], own, parameters: vectors, gradients: nil)
        (self.layers, self.shared, self.vectors) = (layers, shared, vectors)
        (self.scratch, self.memory, headName) = (scratch, memory, name)
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
        turn([head], on: pool)
        for layer in 0..<layers.count where isKept(layer) { expand(layer, on: pool) }
    }

    /// A layer's panels, where they are not there; those of columns only when they are needed.
    func prepare(_ layer: Int, isBackward: Bool, on pool: WorkerPool) {
        var now = made.withLock { $0 }
        if !isKept(layer), now.expanded != layer {
            expand(layer, on: pool)
            packAdapters(of: layer, on: pool)
            now.expanded = layer
        }
        if isBackward, now.turned != layer {
            let packed = layers[layer].packed
            turn(packed, on: pool)
            pool.forEach(count: packed.count) { group, _ in
                packed[group].adapter?.packBack(into: packed[group].backward)
            }
            now.turned = layer
        }
        made.withLock { [now] in $0 = now }
    }

    /// A's and B's of the layers that keep their panels; others' are packed with them.
    func packAdapters(on pool: WorkerPool) {
        for layer in 0..<layers.count where isKept(layer) { packAdapters(of: layer, on: pool) }
        made.withLock { $0 = Made() }
    }

    private func packAdapters(of layer: Int, on pool: WorkerPool) {
        let packed = layers[layer].packed
        pool.forEach(count: packed.count) { group, _ in packed[group].adapter?.pack(into: packed[group].forward) }
    }

    private func turn(_ weights: [PackedWeight], on pool: WorkerPool) {
        var pieces: [(weight: Int, panel: Int)] = []
        for (index, weight) in weights.enumerated() { pieces += (0..<weight.forward.count).map { (index, $0) } }
        pool.forEach(count: pieces.count) { piece, _ in
            let weight = weights[pieces[piece].weight]
            weight.backward.turn(pieces[piece].panel, of: weight.forward, columns: weight.columns)
        }
    }

    private func isKept(_ layer: Int) -> Bool { layer >= shared || shared == 1 }

    private func expand(_ layer: Int, on pool: WorkerPool) {
        var matrices: [(PackedWeight, first: Int, name: String)] = []
        for group in WeightGroup.allCases {
            let weight = layers[layer].packed[group.rawValue]
            var first = 0
            for target in group.targets {
                let name = "model.layers.\(layer).\(target.module).weight"
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
            weight.forward.pack(rowsOf: floats, atLane: first + row)
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
