import Synchronization
import Washing

/// The line about a washing that goes on; told by several threads.
final class CleanProgress: Sendable {
    private let line = Mutex(ProgressLine())
    private let phase = Mutex("")

    func show(_ progress: WashingProgress) {
        let name = Self.name(progress.phase)
        let isNew = phase.withLock { phase in
            defer { phase = name }
            return phase != name
        }
        line.withLock { line in
            if isNew { line.restart() }
            guard line.isDue else { return }
            let share = progress.bytesTotal > 0 ? min(1, Double(progress.bytes) / Double(progress.bytesTotal)) : 0
            let size = ModelHome.size(progress.bytes)
            line.show(
                progress.bytesTotal > 0 ? [name, size, line.rate(bytes: progress.bytes)] : [name], share: share)
        }
    }

    func clear() { line.withLock { $0.clear() } }

    private static func name(_ phase: WashingProgress.Phase) -> String {
        switch phase {
        case .learning: Language.text(zh: "学习", en: "learning")
        case .washing: Language.text(zh: "清洗", en: "washing")
        case .merging: Language.text(zh: "合并", en: "merging")
        case .sharding: Language.text(zh: "写出", en: "writing")
        case .waiting(let units): Language.text(zh: "等待其他进程：\(units)", en: "waiting for others: \(units)")
        }
    }
}
