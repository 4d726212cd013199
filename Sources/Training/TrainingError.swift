import Kernels

/// Why something cannot be trained. Every case says where, what was expected and what was found.
package enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A shape of model that the trainer does not compute.
    case unsupported(field: String, expected: String, actual: String)
    case outOfMemory(operation: String, bytes: Int)
    case kernels(KernelsError)

    package var description: String {
        switch self {
        case .unsupported(let field, let expected, let actual):
            "\(field): \(actual) cannot be trained; supported: \(expected)"
        case .outOfMemory(let operation, let bytes):
            "\(operation): \(bytes) bytes of memory are not to be had; "
                + "use fewer rows or shorter sequences in a micro-batch, or recompute more"
        case .kernels(let error): error.description
        }
    }
}
