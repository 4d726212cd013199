import CKernels

extension KVStorage {
    /// How keys and values are stored. Raw values are the names that llama.cpp's options use.
    ///
    /// `q8_0` is int8 with one half-precision scale for 32 features of a position: 34 bytes for 32 numbers where
    /// `f16` and `bf16` take 64. `bf16` has the range of floats and three digits less; nothing a model computes needs
    /// that range, so `f16` is the better choice of the two.
    public enum Element: String, CaseIterable, Sendable {
        case f16
        case bf16
        case q8_0
        case f32

        /// The number by which the kernels know it, ggml's as everywhere.
        var type: UInt32 {
            switch self {
            case .f16: ElementType.f16.rawValue
            case .bf16: ElementType.bf16.rawValue
            case .q8_0: ElementType.q8_0.rawValue
            case .f32: ElementType.f32.rawValue
            }
        }

        /// Bytes of one kv head's keys, or values, in one page, or nil when there are absurdly many features.
        func pageBytes(dimension: Int) -> Int? {
            guard dimension >= 0, dimension <= Int(Int32.max) / 4096 else { return nil }
            return Int(dk_kv_page_bytes(type, Int32(dimension)))
        }

        /// Bytes that one position takes in a layer.
        public func bytesPerToken(_ layer: Layer) -> Int {
            let head = (pageBytes(dimension: layer.keyDim) ?? 0) + (pageBytes(dimension: layer.valueDim) ?? 0)
            return layer.kvHeads * head / KVStorage.pageTokens
        }
    }
}
