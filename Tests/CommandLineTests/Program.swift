import Foundation

/// The built `danlu`, run as a user would.
struct Program {
    struct Result {
        var status: Int32
        var output: String
        var notes: String
    }

    /// A home of its own, removed with `remove()`.
    let home: String
    private let isTemporary: Bool

    /// The home with models that script/test fills; nil where there is none.
    static var testHome: String? {
        ProcessInfo.processInfo.environment["DANLU_TEST_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    }

    init() {
        home = NSTemporaryDirectory() + "danlu-home-\(UUID().uuidString)"
        isTemporary = true
    }

    init(home: String) {
        self.home = home
        isTemporary = false
    }

    func remove() { if isTemporary { try? FileManager.default.removeItem(atPath: home) } }

    /// - Parameter language: `LANG` of the program.
    func run(_ arguments: [String], input: String = "", language: String = "C.UTF-8") throws -> Result {
        let process = Process()
        process.executableURL = try Self.executable()
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        for name in ["LC_ALL", "LC_MESSAGES", "DANLU_LANG"] { environment[name] = nil }
        environment["DANLU_HOME"] = home
        environment["LANG"] = language
        process.environment = environment
        // Files, not pipes: nobody has to read while it runs.
        let folder = NSTemporaryDirectory() + "danlu-run-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let paths = ["in", "out", "err"].map { "\(folder)/\($0)" }
        try Data(input.utf8).write(to: URL(filePath: paths[0]))
        for path in paths.dropFirst() { try Data().write(to: URL(filePath: path)) }
        process.standardInput = FileHandle(forReadingAtPath: paths[0])
        process.standardOutput = FileHandle(forWritingAtPath: paths[1])
        process.standardError = FileHandle(forWritingAtPath: paths[2])
        try process.run()
        process.waitUntilExit()
        func text(_ path: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        }
        return Result(status: process.terminationStatus, output: try text(paths[1]), notes: try text(paths[2]))
    }

    /// Starts it and kills it with -9 after a time, if it still runs then.
    func kill(_ arguments: [String], after seconds: Double) throws {
        let process = Process()
        process.executableURL = try Self.executable()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["DANLU_HOME": home]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        Thread.sleep(forTimeInterval: seconds)
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    struct NotBuilt: Error { var path: String }

    /// Beside the program that runs these tests.
    private static func executable() throws -> URL {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let url = URL(filePath: own).deletingLastPathComponent().appending(path: "danlu")
        guard FileManager.default.isExecutableFile(atPath: url.path) else { throw NotBuilt(path: url.path) }
        return url
    }
}
