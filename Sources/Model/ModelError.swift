public import Kernels
public import Weights

/// Why a model could not be made of the files. Every case says where, what was expected and what was found.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An architecture, or a variant of one, that the transformer cannot be.
    case unsupported(field: String, expected: String, actual: String)
    /// A configuration that contradicts itself or exceeds `ModelLimits`.
    case invalidConfiguration(field: String, expected: String, actual: String)
    case missingTensor(name: String, shape: [Int])
    case wrongShape(tensor: String, expected: [Int], actual: [Int])
    /// A tensor of a layer that the architecture does not have: results without it would be wrong.
    case unexpectedTensor(name: String, architecture: String)
    case weights(WeightsError)
    case kernels(KernelsError)

    public var description: String {
        switch self {
        case .unsupported(let field, let expected, let actual):
            "\(field): \(actual) is not supported; supported: \(expected)"
        case .invalidConfiguration(let field, let expected, let actual):
            "\(field): expected \(expected), found \(actual); the file is damaged or made for another program"
        case .missingTensor(let name, let shape):
            "the tensor \(name) of shape \(shape) is missing; the file is incomplete or not what it claims to be"
        case .wrongShape(let tensor, let expected, let actual):
            "the tensor \(tensor): expected the shape \(expected), found \(actual); "
                + "the file is damaged or not what it claims to be"
        case .unexpectedTensor(let name, let architecture):
            "the tensor \(name) has no place in the architecture \(architecture); "
                + "the file is of a variant that is not supported"
        case .weights(let error): error.description
        case .kernels(let error): error.description
        }
    }
}
