import Foundation

/// Runs Python programs that nobody has read, where they can do no harm.
///
///     let sandbox = try CodeSandbox()
///     try sandbox.run("assert 1 + 1 == 2")        // .passed
///
/// A program has no network, no file of this machine but Python and the system's libraries (to read), 8 MiB of memory
/// as its folder, sees no process but its own, holds no rights, and is bounded in time, memory, processes and files
/// (`SandboxLimits`). It is made of Linux's user, mount, process, network, IPC and host name namespaces through
/// Debian's `unshare`, `pivot_root`, `prlimit` and `setpriv`; a super-user becomes nobody first. What it does not
/// keep out are faults of the kernel itself: no filter of system calls is laid on.
///
/// A program that tries to pretend it passed must print, at its very end, a word that is drawn for each run; it could
/// find the word in its own file. Tests of code are not proof against code that is written to cheat them.
package struct CodeSandbox: Sendable {
    package enum Outcome: Sendable, Equatable {
        case passed
        case failed(String)
        case timedOut
    }

    private let python: PythonProgram
    package let limits: SandboxLimits

    /// - Throws: `EvaluationError.noSandbox` with the reason when a harmless program cannot be run in one, or when
    ///   what runs in it sees more than it should.
    package init(limits: SandboxLimits = SandboxLimits()) throws(EvaluationError) {
        #if os(Linux)
            self.limits = limits
            guard let python = PythonProgram.find() else {
                throw .noSandbox(reason: "there is no python3 in /usr/bin or on the path")
            }
            self.python = python
            switch try run(Self.selfTest) {
            case .passed: break
            case .timedOut: throw .noSandbox(reason: "a harmless program did not end")
            case .failed(let reason):
                throw .noSandbox(
                    reason: "\(reason); it needs unprivileged user namespaces (sysctl user.max_user_namespaces)")
            }
        #else
            throw .noSandbox(reason: "it needs Linux's namespaces; evaluate on Linux, or in a container")
        #endif
    }

    private static let selfTest = """
        os, socket = __import__("os"), __import__("socket")
        assert not os.path.exists("/etc") and not os.path.exists("/proc") and os.listdir("/tmp") == ["program.py"]
        assert [name for _, name in socket.if_nameindex()] in (["lo"], [])
        """

    /// Runs a program to its end; blocks for `limits.secondsMax` at most.
    ///
    /// - Throws: `EvaluationError.noSandbox` when the sandbox itself fails.
    package func run(_ program: String) throws(EvaluationError) -> Outcome { try printed(by: program).outcome }

    /// As `run`, with the end of what the program printed.
    package func printed(by program: String) throws(EvaluationError) -> (outcome: Outcome, text: String) {
        let word = "\(UInt64.random(in: .min ... .max))"
        let source = program + "\nprint(\"\\n\(word)\")\n"
        guard source.utf8.count <= limits.programBytesMax else {
            let reason = "the program has \(source.utf8.count) bytes, the limit is \(limits.programBytesMax)"
            return (.failed(reason), "")
        }
        let process = Process()
        let output = Pipe()
        do {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", command, "sandbox"] + python.folders
            process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHON": python.path]
            // A folder that whoever the program runs as may be in.
            process.currentDirectoryURL = URL(filePath: "/")
            process.standardInput = try Self.input(source)
            process.standardOutput = output
            process.standardError = output
            try process.run()
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw .noSandbox(reason: "\(error.localizedDescription)")
        }
        try? output.fileHandleForWriting.close()
        let (text, isInTime) = read(output.fileHandleForReading.fileDescriptor)
        // What waits in the namespaces ends with the process that made them.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guard isInTime else { return (.timedOut, text) }
        let lines = text.split(separator: "\n")
        if lines.last.map(String.init) == word { return (.passed, lines.dropLast().joined(separator: "\n")) }
        return (.failed(lines.last.map(String.init) ?? "it ended before its end"), text)
    }

    /// A file without a name: a pipe whose reader is gone would end us.
    private static func input(_ source: String) throws -> FileHandle {
        let path = FileManager.default.temporaryDirectory.appending(path: "danlu-\(UUID().uuidString)").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw EvaluationError.system("write", path) }
        unlink(path)
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(source.utf8))
        try handle.seek(toOffset: 0)
        return handle
    }

    /// The end of what is printed until all writers are gone, or time is up.
    private func read(_ descriptor: Int32) -> (text: String, isInTime: Bool) {
        let end = ContinuousClock.now.advanced(by: .seconds(limits.secondsMax))
        var kept: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
            guard left > 0 else { return ("", false) }
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, Int32(min(left.rounded(.up), 1e9))) > 0 else { continue }
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            kept += buffer[..<count]
            if kept.count > 2 * limits.outputBytesMax { kept.removeFirst(kept.count - limits.outputBytesMax) }
        }
        return (String(decoding: kept.suffix(limits.outputBytesMax), as: UTF8.self), true)
    }
}
