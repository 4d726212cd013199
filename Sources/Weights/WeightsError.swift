/// Why model files could not be read or written. Every case says where, what was expected, what was found and what
/// to do; text taken from a file is shortened and its control characters are escaped.
public enum WeightsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused: no such file, no permission.
    case cannotOpen(Fault)
    case cannotWrite(Fault)
    /// The file ends before what it announces.
    case truncated(Fault)
    /// The content contradicts the format or itself.
    case malformed(Fault)
    /// Sound perhaps, but of a kind that is not supported.
    case unsupported(Fault)
    /// More than `WeightsLimits` allows.
    case overLimit(Fault)
    /// A file, shard or key that must be there is not.
    case missing(Fault)
    /// A part of a model is another one than that which belongs to it.
    case mismatch(Fault)

    /// What happened, in parts.
    public struct Fault: Equatable, Sendable {
        /// What was being done: `"read the GGUF file"`.
        public var operation: String
        /// The path, as it was given or found.
        public var file: String
        /// The part of the file: `"tensor “output.weight”, offset"`. May be empty.
        public var field: String
        public var expected: String
        public var actual: String
        /// What to do about it. May be empty.
        public var hint: String
    }

    public var fault: Fault {
        switch self {
        case .cannotOpen(let fault), .cannotWrite(let fault), .truncated(let fault), .malformed(let fault),
            .unsupported(let fault), .overLimit(let fault), .missing(let fault), .mismatch(let fault):
            fault
        }
    }

    public var description: String {
        let fault = fault
        let place = fault.field.isEmpty ? "" : "\(fault.field): "
        let hint = fault.hint.isEmpty ? "" : "; \(fault.hint)"
        return "cannot \(fault.operation) \(fault.file): \(place)"
            + "expected \(fault.expected), found \(fault.actual)\(hint)"
    }
}

/// What is being done to which file: makes the errors about it.
struct FileContext: Sendable {
    let operation: String
    let file: String

    static let damaged = "the file is damaged or was made by a faulty program; get it again"
    static let cut = "the download was probably cut; get the file again"

    func cannotOpen(_ reason: String, hint: String = "") -> WeightsError {
        .cannotOpen(fault("", "a readable file", reason, hint))
    }

    func cannotWrite(
        _ reason: String, field: String = "", expected: String = "a writable place", hint: String = ""
    ) -> WeightsError {
        .cannotWrite(fault(field, expected, reason, hint))
    }

    func truncated(_ field: String, expected: String, actual: String) -> WeightsError {
        .truncated(fault(field, expected, actual, Self.cut))
    }

    func malformed(_ field: String, expected: String, actual: String, hint: String = Self.damaged) -> WeightsError {
        .malformed(fault(field, expected, actual, hint))
    }

    func unsupported(_ field: String, expected: String, actual: String, hint: String = "") -> WeightsError {
        .unsupported(fault(field, expected, actual, hint))
    }

    /// - Parameter limit: the property of `WeightsLimits` that was exceeded.
    func overLimit(
        _ field: String, _ limit: String, _ maximum: Int, actual: some CustomStringConvertible
    ) -> WeightsError {
        .overLimit(fault(field, "at most \(maximum)", "\(actual)", "the limit is \(limit)"))
    }

    func missing(_ field: String, expected: String, actual: String, hint: String = "") -> WeightsError {
        .missing(fault(field, expected, actual, hint))
    }

    /// - Parameters:
    ///   - expected: a SHA-256 in hex, as `actual`.
    func mismatch(_ field: String, expected: String, actual: String, hint: String) -> WeightsError {
        .mismatch(fault(field, "SHA-256 \(expected)", actual, hint))
    }

    private func fault(_ field: String, _ expected: String, _ actual: String, _ hint: String) -> WeightsError.Fault {
        WeightsError.Fault(
            operation: operation, file: file, field: field, expected: expected, actual: actual, hint: hint)
    }
}

/// Text of a file as an error may show it: in quotes, at most 80 characters, nothing that drives a terminal.
package func shown(_ text: some StringProtocol) -> String {
    let charactersMax = 80
    // A character may be arbitrarily many scalars, so scalars are counted.
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == charactersMax {
            result += "…"
            break
        }
        count += 1
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return "“\(result)”"
}
