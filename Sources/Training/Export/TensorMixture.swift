import Kernels
import Model

/// Which tensor of a GGUF file has which type, as llama-quantize decides, so that files of one name are comparable.
///
/// - Norms, biases and other vectors stay F32.
/// - The output head, or the embedding table where it is the head as well, gets Q6_K in every quantised file but Q8_0:
///   its errors reach the answer unmixed.
/// - Q4_K and Q5_K files (llama-quantize's Q4_K_M and Q5_K_M) have values and the last matrix of the feed-forward in
///   Q6_K in the first and last eighth of the layers and in every third between.
/// - Rows that are no whole number of blocks of 256 get a type with blocks of 32: Q4_K becomes Q5_0, Q5_K Q5_1, Q6_K
///   Q8_0; rows that are no multiple of 32 become F16.
///
/// A pure file has one type for all matrices, falling back in the same way.
package struct TensorMixture {
    let type: ExportType
    let isPure: Bool
    let layers: Int
    /// The embedding table is the output head.
    let isTied: Bool

    package init(type: ExportType, isPure: Bool, layers: Int, isTied: Bool) {
        (self.type, self.isPure, self.layers, self.isTied) = (type, isPure, layers, isTied)
    }

    /// - Parameter columns: the length of a row; nil for vectors.
    package func type(_ name: TensorName, columns: Int?) -> ElementType {
        guard let columns, !name.isBias else { return .f32 }
        let wanted = wanted(name, columns: columns)
        return Self.fitting(wanted, columns)
    }

    private func wanted(_ name: TensorName, columns: Int) -> ElementType {
        let element = type.element
        guard !element.isFloat, !isPure else { return element }
        switch name.role {
        case .head: return headType(columns)
        case .embedding where isTied: return headType(columns)
        case .value, .down: return needsMore(name.layer ?? 0) ? .q6_K : element
        default: return element
        }
    }

    private func headType(_ columns: Int) -> ElementType {
        type == .q8_0 || columns % type.element.blockElements != 0 ? .q8_0 : .q6_K
    }

    private func needsMore(_ layer: Int) -> Bool {
        guard type == .q4_K || type == .q5_K else { return false }
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2
    }

    /// The type, or the next that rows of this length are whole blocks of.
    static func fitting(_ type: ElementType, _ columns: Int) -> ElementType {
        if columns % type.blockElements == 0 { return type }
        guard columns % 32 == 0 else { return .f16 }
        switch type {
        case .q4_K: return .q5_0
        case .q5_K: return .q5_1
        case .q6_K: return .q8_0
        default: return .f16
        }
    }
}
