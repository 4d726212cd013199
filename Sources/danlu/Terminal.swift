import Foundation

/// What the program says: answers and data to standard output, everything for people to standard error.
enum Terminal {
    static func output(_ text: String, terminator: String = "\n") {
        FileHandle.standardOutput.write(Data((text + terminator).utf8))
    }

    static func note(_ text: String, terminator: String = "\n") {
        FileHandle.standardError.write(Data((text + terminator).utf8))
    }

    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func exit(_ code: Int32) -> Never { Foundation.exit(code) }

    /// Everything on standard input, at most so many bytes.
    static func readAll(bytesMax: Int) throws -> Data {
        var data = Data()
        while let piece = try FileHandle.standardInput.read(upToCount: 1 << 20), !piece.isEmpty {
            data.append(piece)
            guard data.count <= bytesMax else { throw TerminalError.inputTooLarge(bytesMax: bytesMax) }
        }
        return data
    }
}

enum TerminalError: Error, CustomStringConvertible {
    case inputTooLarge(bytesMax: Int)

    var description: String {
        switch self {
        case .inputTooLarge(let limit): "standard input is larger than the limit of \(limit) bytes"
        }
    }
}
