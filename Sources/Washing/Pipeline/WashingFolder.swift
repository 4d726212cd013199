import Foundation

/// Where a washing keeps what. Work lies in a hidden folder, which readers of text leave out.
///
///     OUTPUT/train/zh/00012.jsonl.gz       documents that are trained on, by unit and group
///     OUTPUT/validation/zh/00012.jsonl.gz
///     OUTPUT/rejects/00012.jsonl.gz        with --keep-rejects
///     OUTPUT/manifest.json, report.{json,md,html}, recipe.toml
///     OUTPUT/.work/plan.json               how the corpus is cut
///     OUTPUT/.work/learnt/                 models
///     OUTPUT/.work/units/00012/            a unit that is washed by itself: kept, index, signatures, facts
///     OUTPUT/.work/merged/                 what is dropped across units; merged.json last
///     OUTPUT/.work/shards/00012.json       a unit whose shards are written
///     OUTPUT/.work/done.json               all is done
struct WashingFolder: Sendable {
    let path: String

    var work: String { path + "/.work" }
    var plan: String { work + "/plan.json" }
    var learnt: String { work + "/learnt" }
    var units: String { work + "/units" }
    var merged: String { work + "/merged" }
    var mergedFacts: String { merged + "/merged.json" }
    var shardFacts: String { work + "/shards" }
    var done: String { work + "/done.json" }
    var manifest: String { path + "/manifest.json" }
    var rejects: String { path + "/rejects" }

    static func name(_ unit: Int) -> String {
        let digits = String(unit)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }

    func unit(_ number: Int) -> String { "\(units)/\(Self.name(number))" }
    func shardFacts(_ number: Int) -> String { "\(shardFacts)/\(Self.name(number)).json" }

    /// A folder that this program alone writes, to be renamed when it is whole.
    func partial(of path: String) -> String {
        let file = URL(filePath: path)
        return "\(file.deletingLastPathComponent().path)/.\(file.lastPathComponent).\(getpid())"
    }

    func isWashed(_ unit: Int) -> Bool { WashingFiles.exists(self.unit(unit)) }
    func isSharded(_ unit: Int) -> Bool { WashingFiles.exists(shardFacts(unit)) }
}
