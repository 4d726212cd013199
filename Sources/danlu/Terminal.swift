import Foundation

/// What the program says: answers and data to standard output, everything for people to standard error.
enum Terminal {
    static func output(_ text: String, terminator: String = "\n") { write(text + terminator, to: .standardOutput) }

    static func note(_ text: String, terminator: String = "\n") { write(text + terminator, to: .standardError) }

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

    /// A file's bytes, at most so many.
    static func read(_ path: String, bytesMax: Int) throws -> Data {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw TerminalError.cannotRead(path: path, reason: String(cString: strerror(errno)))
        }
        let data: Data
        do { data = try handle.read(upToCount: bytesMax + 1) ?? Data() } catch {
            throw TerminalError.cannotRead(path: path, reason: error.localizedDescription)
        }
        guard data.count <= bytesMax else { throw TerminalError.fileTooLarge(path: path, bytesMax: bytesMax) }
        return data
    }

    static func output(bytes: [UInt8]) { write(Data(bytes), to: .standardOutput) }

    private static func write(_ text: String, to handle: FileHandle) { write(Data(text.utf8), to: handle) }

    private static func write(_ data: Data, to handle: FileHandle) {
        // A reader that went away, or a full disk: there is nobody left to tell.
        do { try handle.write(contentsOf: data) } catch { exit(1) }
    }
}
