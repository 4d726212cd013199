import Washing

/// The line about a washing that goes on.
final class CleanProgress: Sendable {
    private let line = SharedProgress()

    func show(_ progress: WashingProgress) {
        let share = progress.bytesTotal > 0 ? min(1, Double(progress.bytes) / Double(progress.bytesTotal)) : 0
        line.show(Self.name(progress.phase), share: share) { line in
            progress.bytesTotal > 0 ? [ModelHome.size(progress.bytes), line.rate(bytes: progress.bytes)] : []
        }
    }

    func clear() { line.clear() }

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
