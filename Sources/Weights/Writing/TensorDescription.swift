import Kernels

/// A tensor that is to be written: what it is called and how it is stored.
package struct TensorDescription: Sendable, Equatable {
    package var name: String
    package var type: ElementType
    /// Outermost dimension first; rows are whole blocks of `type`.
    package var shape: [Int]

    package init(name: String, type: ElementType, shape: [Int]) {
        (self.name, self.type, self.shape) = (name, type, shape)
    }

    package var parameters: Int { shape.reduce(1, *) }
    /// - Precondition: rows are whole blocks.
    package var byteCount: Int {
        precondition((shape.last ?? 1) % type.blockElements == 0, "rows of \(name) are no whole blocks of \(type.name)")
        return type.bytes(elements: parameters)
    }
}

/// Tensors come in the order that the header announced, each whole, in one piece or several.
struct TensorQueue {
    let tensors: [TensorDescription]
    private var next = 0
    /// Of the next tensor.
    private var bytesDone = 0

    init(_ tensors: [TensorDescription]) {
        precondition(Set(tensors.map(\.name)).count == tensors.count, "each name once")
        self.tensors = tensors
        skipEmpty()
    }

    var isEmpty: Bool { next == tensors.count }
    /// How many are not whole.
    var left: Int { tensors.count - next }

    /// The tensor whose turn it is.
    ///
    /// - Precondition: it is called `name`.
    func current(_ name: String) -> TensorDescription {
        precondition(!isEmpty && tensors[next].name == name, "tensor \(name) out of turn")
        return tensors[next]
    }

    /// Counts bytes of the tensor whose turn it is; true when it is whole with them.
    ///
    /// - Precondition: it is called `name` and is not longer.
    mutating func take(_ name: String, _ bytes: Int) -> Bool {
        let size = current(name).byteCount
        precondition(bytes <= size - bytesDone, "tensor \(name) has \(size) bytes, not \(bytesDone + bytes)")
        bytesDone += bytes
        guard bytesDone == size else { return false }
        bytesDone = 0
        next += 1
        skipEmpty()
        return true
    }

    private mutating func skipEmpty() {
        while next < tensors.count, tensors[next].byteCount == 0 { next += 1 }
    }
}
