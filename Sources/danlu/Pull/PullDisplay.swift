import Foundation
import Hub
import JSON
import Synchronization

/// Shows a pull's events: a bar on a terminal, a line every few seconds elsewhere, JSON on demand.
final class PullDisplay: Sendable {
    private struct State {
        var hasBar = false
        var lastLine: ContinuousClock.Instant?
    }

    private let json: Bool
    private let state = Mutex(State())
    private static let secondsBetweenLines = 3.0

    init(json: Bool) { self.json = json }

    func take(_ event: PullEvent) {
        if json { return Terminal.output(Self.row(event).serialized()) }
        if case .progress(let progress) = event { return draw(progress) }
        clear()
        if let line = Self.line(event) { Terminal.note(line) }
    }

    func clear() {
        let hadBar = state.withLock { state in
            defer { state.hasBar = false }
            return state.hasBar
        }
        if hadBar { Terminal.note("\r\u{1b}[K", terminator: "") }
    }

    private func draw(_ progress: PullProgress) {
        let isTerminal = Terminal.errorIsTerminal
        let isDue = state.withLock { state in
            let isWhole = progress.totalBytes == progress.doneBytes
            let last = state.lastLine
            if !isTerminal, !isWhole, let last, last.duration(to: .now) < .seconds(Self.secondsBetweenLines) {
                return false
            }
            state.lastLine = .now
            state.hasBar = isTerminal
            return true
        }
        guard isDue else { return }
        let text = Self.text(progress)
        Terminal.note(isTerminal ? "\r\u{1b}[K\(Self.bar(progress)) \(text)" : text, terminator: isTerminal ? "" : "\n")
    }

    private static func bar(_ progress: PullProgress) -> String {
        let width = 24
        let share = progress.totalBytes.map { $0 > 0 ? Double(progress.doneBytes) / Double($0) : 1 } ?? 0
        let full = Int(max(0, min(1, share)) * Double(width))
        return "[" + String(repeating: "█", count: full) + String(repeating: "·", count: width - full) + "]"
    }

    private static func text(_ progress: PullProgress) -> String {
        var text = ModelHome.size(progress.doneBytes)
        if let total = progress.totalBytes {
            text += " / \(ModelHome.size(total))  \(total > 0 ? progress.doneBytes * 100 / total : 100)%"
        }
        text += "  \(ModelHome.size(Int(progress.bytesPerSecond)))/s"
        if let left = progress.secondsLeft.map(Language.duration) {
            text += Language.text(zh: "  剩余 \(left)", en: "  \(left) left")
        }
        return text
    }

    private static func line(_ event: PullEvent) -> String? {
        switch event {
        case .waiting(let name):
            return Language.text(zh: "另一个进程正在下载 \(name)，等待…", en: "another process is pulling \(name), waiting…")
        case .trying(let name, let source): return "\(name) ← \(source)"
        case .sourceFailed(_, let reason): return Language.text(zh: "跳过：\(reason)", en: "skipped: \(reason)")
        case .planned(let files, let bytes, let resumed, let others):
            let what = files.count == 1 ? files[0] : "\(files.count) " + Language.text(zh: "个文件", en: "files")
            var text = what + (bytes.map { ", \(ModelHome.size($0))" } ?? "")
            if resumed > 0 { text += Language.text(zh: "，继续下载", en: ", continuing") }
            if !others.isEmpty {
                text += Language.text(zh: "\n  另有：", en: "\n  also there: ") + others.prefix(20).joined(separator: ", ")
            }
            return text
        case .retrying(let reason, let seconds):
            return Language.text(zh: "\(reason)；\(seconds) 秒后重试", en: "\(reason); trying again in \(seconds) s")
        case .assembling(let file): return Language.text(zh: "合并并校验 \(file)", en: "joining and verifying \(file)")
        case .done(let manifest, let wasThere):
            let size = ModelHome.size(manifest.bytes)
            return wasThere
                ? Language.text(zh: "已有：\(manifest.name)（\(size)）", en: "already here: \(manifest.name) (\(size))")
                : Language.text(
                    zh: "完成：\(manifest.name)（\(size)，校验无误）", en: "done: \(manifest.name) (\(size), verified)")
                    + licence(manifest)
        case .progress: return nil
        }
    }

    private static func licence(_ manifest: Manifest) -> String {
        guard !manifest.licence.isEmpty else { return "" }
        return Language.text(zh: "\n许可：\(manifest.licence)", en: "\nlicence: \(manifest.licence)")
    }

    private static func row(_ event: PullEvent) -> JSONValue {
        switch event {
        case .waiting(let name): ["event": "waiting", "name": .string(name)]
        case .trying(let name, let source): ["event": "trying", "name": .string(name), "source": .string(source)]
        case .sourceFailed(let source, let reason):
            ["event": "skipped", "source": .string(source), "reason": .string(reason)]
        case .planned(let files, let bytes, let resumed, let others):
            [
                "event": "planned", "files": .array(files.map { .string($0) }),
                "bytes": bytes.map { .int($0) } ?? .null,
                "resumed_bytes": .int(resumed), "others": .array(others.map { .string($0) }),
            ]
        case .progress(let progress):
            [
                "event": "progress", "done_bytes": .int(progress.doneBytes),
                "total_bytes": progress.totalBytes.map { .int($0) } ?? .null,
                "bytes_per_second": .int(Int(progress.bytesPerSecond)),
                "seconds_left": progress.secondsLeft.map { .double($0) } ?? .null,
            ]
        case .retrying(let reason, let seconds):
            ["event": "retrying", "reason": .string(reason), "seconds": .double(seconds)]
        case .assembling(let file): ["event": "assembling", "file": .string(file)]
        case .done(let manifest, let wasThere):
            [
                "event": "done", "name": .string(manifest.name), "bytes": .int(manifest.bytes),
                "source": .string(manifest.source), "was_there": .bool(wasThere),
            ]
        }
    }
}
