import CKernels

/// Keys and values of past positions, in pages of 32 positions that sequences hold by number.
///
///     let cache = try KVStorage(layers: 24, kvHeads: 2, keyDim: 64, valueDim: 64, pages: 128)
///     cache.store(layer: 0, pages: [5, 9], firstPosition: 30, keys: k, values: v)
///
/// Position p of a sequence lies in page `pages[p / 32]`. Which sequence owns which page is the caller's business.
/// Within a page keys lie transposed, [kv head][dimension][position]; values [kv head][position][dimension]; CKernels'
/// `kv_cache.h` draws them.
public final class KVStorage: @unchecked Sendable {
    // Sendable: one engine writes and reads in turn; kernels write disjoint pages.
    public static let pageTokens = Int(DK_PAGE_TOKENS)

    /// Shape of one layer.
    public struct Layer: Sendable, Equatable {
        public var kvHeads: Int
        public var keyDim: Int
        public var valueDim: Int

        public init(kvHeads: Int, keyDim: Int, valueDim: Int) {
            self.kvHeads = kvHeads
            self.keyDim = keyDim
            self.valueDim = valueDim
        }
    }

    public let layers: [Layer]
    public let pages: Int
    public let element: Element
    /// Bytes of all layers and pages.
    public let byteCount: Int
    private let memory: Memory
    private let keyOffsets: [Int]
    private let valueOffsets: [Int]

    /// Memory is taken page by page as it is first written.
    ///
    /// - Throws: `KernelsError.outOfMemory`
    public init(layers: [Layer], pages: Int, element: Element = .f16) throws(KernelsError) {
        precondition(pages > 0 && layers.allSatisfy { $0.kvHeads > 0 && $0.keyDim > 0 && $0.valueDim > 0 })
        self.layers = layers
        self.pages = pages
        self.element = element
        var total = 0
        var keyOffsets: [Int] = []
        var valueOffsets: [Int] = []
        for layer in layers {
            for (dimension, isKey) in [(layer.keyDim, true), (layer.valueDim, false)] {
                if isKey { keyOffsets.append(total) } else { valueOffsets.append(total) }
                var (bytes, overflow) = pages.multipliedReportingOverflow(by: layer.kvHeads)
                let head = element.pageBytes(dimension: dimension)
                if let head, !overflow { (bytes, overflow) = bytes.multipliedReportingOverflow(by: head) }
                guard head != nil, !overflow, bytes < Int.max - total - 64 else {
                    throw .outOfMemory(operation: "a cache of \(pages) pages", bytes: Int.max)
                }
                total += (bytes + 63) / 64 * 64
            }
        }
        guard let memory = Memory(zeroed: total) else {
            throw .outOfMemory(operation: "a cache of \(pages) pages", bytes: total)
        }
        self.memory = memory
        self.keyOffsets = keyOffsets
        self.valueOffsets = valueOffsets
        byteCount = total
    }

    /// Equal layers.
    public convenience init(
        layers: Int, kvHeads: Int, keyDim: Int, valueDim: Int, pages: Int, element: Element = .f16
    ) throws(KernelsError) {
        let layer = Layer(kvHeads: kvHeads, keyDim: keyDim, valueDim: valueDim)
        try self.init(layers: Array(repeating: layer, count: layers), pages: pages, element: element)
    }

    /// Stores row r of `keys` and `values` (kvHeads * dim columns each) at position firstPosition + r.
    ///
    /// - Precondition: `pages` covers the positions, and names pages of this storage.
    public func store(layer: Int, pages table: [Int32], firstPosition: Int, keys: Matrix, values: Matrix) {
        let shape = layers[layer]
        precondition(
            keys.rows == values.rows && keys.columns == shape.kvHeads * shape.keyDim
                && values.columns == shape.kvHeads * shape.valueDim, "keys \(keys.shape), values \(values.shape)")
        check(table, positions: firstPosition + keys.rows)
        let kernels = Kernels.current
        for row in 0..<keys.rows {
            let position = firstPosition + row
            kernels.store_kv(
                keys.pointer + row * keys.stride, values.pointer + row * values.stride, keyBase(layer),
                valueBase(layer), Int64(table[position / Self.pageTokens]), Int64(position % Self.pageTokens),
                Int32(shape.kvHeads), Int32(shape.keyDim), Int32(shape.valueDim), element.type)
        }
    }

    /// Copies one page's content of all layers to another (copy on write of a shared page).
    public func copyPage(from source: Int32, to target: Int32) {
        check([source, target], positions: 2 * Self.pageTokens)
        for (index, layer) in layers.enumerated() {
            let keyBytes = layer.kvHeads * Int(dk_kv_page_bytes(element.type, Int32(layer.keyDim)))
            let valueBytes = layer.kvHeads * Int(dk_kv_page_bytes(element.type, Int32(layer.valueDim)))
            (keyBase(index) + Int(target) * keyBytes).update(
                from: keyBase(index) + Int(source) * keyBytes, count: keyBytes)
            (valueBase(index) + Int(target) * valueBytes)
                .update(from: valueBase(index) + Int(source) * valueBytes, count: valueBytes)
        }
    }

    func check(_ table: [Int32], positions: Int) {
        precondition(positions <= table.count * Self.pageTokens, "\(positions) positions in \(table.count) pages")
        precondition(table.allSatisfy { $0 >= 0 && $0 < pages }, "a page number outside 0..<\(pages)")
    }

    func keyBase(_ layer: Int) -> UnsafeMutablePointer<UInt8> { memory.pointer(UInt8.self) + keyOffsets[layer] }

    func valueBase(_ layer: Int) -> UnsafeMutablePointer<UInt8> { memory.pointer(UInt8.self) + valueOffsets[layer] }
}
