/// What can go wrong outside our own code: files, memory, threads, tensors that do not have the shape they claim.
public enum KernelsError: Error, Equatable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case cannotMap(path: String, bytes: Int, reason: String)
    case notARegularFile(path: String)
    case wrongShape(operation: String, expected: String, actual: String)
    case outOfMemory(operation: String, bytes: Int)
    case cannotStartThreads(count: Int)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "cannot open \(path): \(reason)"
        case .cannotMap(let path, let bytes, let reason):
            "cannot map the \(bytes) bytes of \(path) into memory: \(reason)"
        case .notARegularFile(let path):
            "\(path) is not a regular file; give the path of a model file"
        case .wrongShape(let operation, let expected, let actual):
            "\(operation): expected \(expected), found \(actual); the file is damaged or not what it claims to be"
        case .outOfMemory(let operation, let bytes):
            "\(operation): \(bytes) bytes of memory are not to be had; use a smaller model or context"
        case .cannotStartThreads(let count):
            "cannot start \(count) worker threads; ask for fewer with --threads"
        }
    }
}
