/// Puts lines together to one input: a line that ends in a backslash goes on, `"""` encloses a block.
///
///     var assembler = InputAssembler()
///     assembler.take("first \\")    // nil: more is wanted
///     assembler.take("second")      // "first \nsecond"
package struct InputAssembler: Sendable {
    private static let fence = "\"\"\""
    private var lines: [String] = []
    private var isFenced = false

    package init() {}

    /// Whether an input has begun and is not complete.
    package var isOpen: Bool { isFenced || !lines.isEmpty }

    /// The whole input, when this line completes one.
    package mutating func take(_ line: String) -> String? {
        if isFenced { return takeFenced(line) }
        if lines.isEmpty, line.hasPrefix(Self.fence) {
            isFenced = true
            let rest = String(line.dropFirst(Self.fence.count))
            return rest.isEmpty ? nil : takeFenced(rest)
        }
        if line.hasSuffix("\\") {
            lines.append(String(line.dropLast()))
            return nil
        }
        return complete(line)
    }

    /// What is there when no more lines come; nil when nothing is.
    package mutating func finish() -> String? {
        defer { self = InputAssembler() }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private mutating func takeFenced(_ line: String) -> String? {
        guard line.hasSuffix(Self.fence) else {
            lines.append(line)
            return nil
        }
        let rest = String(line.dropLast(Self.fence.count))
        return complete(rest.isEmpty ? nil : rest)
    }

    private mutating func complete(_ last: String?) -> String {
        defer { self = InputAssembler() }
        return (lines + [last].compactMap { $0 }).joined(separator: "\n")
    }
}
