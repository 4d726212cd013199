import Kernels
import Training

/// What `danlu export` does once its options are known.
struct ExportJob: Sendable {
    /// One of these three is there.
    var trained: String?
    var checkpoint: String?
    var model: String?
    var format: Export.Format
    var type: ExportType
    var output: String
    var isPure: Bool
    var replaces: Bool
    var threads: Int

    /// - Throws: `CancellationError` when the task was cancelled; nothing has been written then.
    func run() throws -> (ExportReport, seconds: Double) {
        let began = ContinuousClock.now
        if format == .peft {
            let export = try AdapterExport(run: trained ?? "")
            Self.tell(export.warnings)
            let report = try export.write(to: output, replaces: replaces)
            return (report, began.duration(to: .now) / .seconds(1))
        }
        let source = try source()
        Self.tell(source.warnings)
        let pool = try WorkerPool(threads: threads)
        var line = ProgressLine()
        defer { line.clear() }
        let report: ExportReport
        if format == .gguf {
            let export = try GGUFExport(source, type: type, isPure: isPure)
            report = try export.write(to: output, replaces: replaces, on: pool) {
                try Self.show($0, of: export.sourceBytes, on: &line)
            }
        } else {
            let export = try FolderExport(source, type: type)
            report = try export.write(to: output, replaces: replaces, on: pool) {
                try Self.show($0, of: export.sourceBytes, on: &line)
            }
        }
        return (report, began.duration(to: .now) / .seconds(1))
    }

    private static func tell(_ warnings: [String]) {
        for warning in warnings {
            Terminal.note(Language.text(zh: "跳过损坏的检查点：", en: "passed over a damaged checkpoint: ") + warning)
        }
    }

    private func source() throws -> ExportSource {
        if let trained { return try ExportSource(run: trained) }
        if let checkpoint { return try ExportSource(checkpoint: checkpoint) }
        return try ExportSource(folder: model ?? "")
    }

    private static func show(_ done: Int, of total: Int, on line: inout ProgressLine) throws {
        try Task.checkCancellation()
        guard line.isDue else { return }
        let (now, all) = (ModelHome.size(done), ModelHome.size(total))
        line.show(
            [Language.text(zh: "导出 \(now) / \(all)", en: "export \(now) of \(all)"), line.rate(bytes: done)],
            share: Double(done) / Double(max(1, total)))
    }
}
