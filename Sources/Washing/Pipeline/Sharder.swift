import Foundation

/// The last phase for one unit: leaves out what the merges dropped, parts training from validation, and writes the
/// shards.
package struct Sharder {
    /// A file of documents, as the manifest lists it.
    package struct Shard: Codable, Equatable, Sendable {
        package var path: String
        package var split: String
        package var group: String
        package var documents = 0
        package var textBytes = 0
        package var bytes = 0
        package var sha256 = ""
        /// Where parts begin that can be read by themselves, and their documents: `[offset, documents]`.
        package var blocks: [[Int]] = []
    }

    package struct Facts: Codable, Sendable {
        package var shards: [Shard]
        package var statistics: WashingStatistics
        package var dialogues = 0
        package var rejects: Shard?
    }

    let steps: RecipeSteps
    let merged: Merger.Facts
    let folder: WashingFolder
    let options: WashingOptions
    let meter: ProgressMeter
    let units: Int

    func shard(_ number: Int) throws {
        guard !folder.isSharded(number) else { return }
        let unit = try WashingJSON.decode(UnitWasher.Facts.self, from: folder.unit(number) + "/facts.json")
        let facts = try Pass(self, number, unit).run()
        try WashingFiles.replace(folder.shardFacts(number), with: try WashingJSON.encode(facts, isPretty: false))
    }

    /// One unit on its way.
    private final class Pass {
        private let sharder: Sharder
        private let number: Int
        private let unit: UnitWasher.Facts
        private var chain: StepChain
        private var drops: UnitDrops
        private var writers: [String: ShardWriter] = [:]
        private var rejects: RejectWriter?
        private let rejectsPath: String
        private var dialogues = 0
        private var line = 0
        private var lineBuffer: [UInt8] = []

        init(_ sharder: Sharder, _ number: Int, _ unit: UnitWasher.Facts) throws {
            self.sharder = sharder
            self.number = number
            self.unit = unit
            chain = StepChain([], laterSteps: sharder.steps.stepNames, limits: sharder.options.limits)
            drops = try UnitDrops(
                sharder.folder.merged, unit: number, units: sharder.units, steps: sharder.steps)
            rejectsPath = "\(sharder.folder.rejects)/\(WashingFolder.name(number))-copies.jsonl.gz"
            if sharder.options.keepsRejects {
                try WashingFiles.makeFolder(sharder.folder.rejects)
                rejects = try RejectWriter(path: sharder.folder.partial(of: rejectsPath))
            }
        }

        func run() throws -> Facts {
            let reader = try KeptReader(
                path: sharder.folder.unit(number) + "/kept", limits: sharder.options.limits)
            for index in 0..<unit.documents {
                try sharder.options.checkStopped()
                guard let record = try reader.next(), Int(record.group) < unit.groups.count else {
                    throw WashingError.damaged(
                        path: sharder.folder.unit(number) + "/kept", expected: "\(unit.documents) documents",
                        actual: "\(index)")
                }
                try take(record, index)
            }
            sharder.meter.add(unit.statistics.fileBytes)
            if let rejects {
                try rejects.close()
                try WashingFiles.move(sharder.folder.partial(of: rejectsPath), to: rejectsPath)
                try moveRejects()
            }
            var shards: [Shard] = []
            for (_, writer) in writers.sorted(by: { $0.key < $1.key }) { shards.append(try writer.close()) }
            return Facts(shards: shards, statistics: chain.statistics, dialogues: dialogues)
        }

        /// The rejects of the first phase, to where the user looks.
        private func moveRejects() throws {
            let target = "\(sharder.folder.rejects)/\(WashingFolder.name(number)).jsonl.gz"
            let source = sharder.folder.unit(number) + "/rejects.jsonl.gz"
            // Killed just behind this: then it has been moved already.
            if WashingFiles.exists(source) { try WashingFiles.move(source, to: target) }
        }

        private func take(_ original: KeptRecord, _ index: Int) throws {
            let group = unit.groups[Int(original.group)]
            let lines = try lineCuts(original)
            let passages = try drops.passages(of: index).map { PassageCutter.whole(original.text, $0) }
            if let (step, kept) = try drops.step(for: index) {
                return try reject(original, step, step == "exact" ? "copy" : "like", "\(kept.unit)-\(kept.index)")
            }
            let repeated = Double(passages.reduce(0) { $0 + $1.count }) / Double(max(1, original.text.count))
            if let shareMax = sharder.steps.passages?.shareMax, repeated > shareMax {
                return try reject(original, "passages", "share_max", "", value: repeated, limit: shareMax)
            }
            var record = original
            for (step, rule, cuts) in [
                ("lines", "copies_min", lines), ("passages", "bytes_min", lines + passages.filter { !$0.isEmpty }),
            ] {
                let text = cuts.isEmpty ? record.text : PassageCutter.cut(original.text, cuts)
                guard text.count < record.text.count else { continue }
                chain.noteTrimmed(step: step, rule: rule, bytes: record.text.count - text.count)
                record.text = text
                guard !text.isEmpty else { return try reject(original, step, "nothing_left", "") }
            }
            if let shares = sharder.merged.shares, Hashing.uniform(record.hash ^ 0x4D49_58) >= shares[group] ?? 0 {
                return try reject(original, "mixture", group, "")
            }
            try write(record, group)
        }

        /// Lines that are in many documents; the places of lines go on even where nothing is taken out.
        private func lineCuts(_ record: KeptRecord) throws -> [Range<Int>] {
            guard let settings = sharder.steps.lines else { return [] }
            var cuts: [Range<Int>] = []
            try SignatureWriter.forEachLine(record.text, settings) { range, _ in
                if try drops.dropsLine(line) { cuts.append(range) }
                line += 1
            }
            return cuts
        }

        private func reject(
            _ record: KeptRecord, _ step: String, _ rule: String, _ kept: String, value: Double = 1, limit: Double = 0
        ) throws {
            try rejects?.write(record, step: step, rule: rule, kept: kept)
            chain.noteDropped(
                step: step, rule: rule,
                .init(
                    hash: record.hash, origin: kept.isEmpty ? "" : "= \(kept)", value: value, limit: limit,
                    text: UTF8Text.prefix(record.text, bytesMax: sharder.options.limits.sampleBytesMax)),
                bytes: record.text.count)
        }

        private func write(_ record: KeptRecord, _ group: String) throws {
            let isValidated =
                Hashing.uniform(record.hash ^ Hashing.mix(sharder.steps.split.seed)) < sharder.merged.validation
            let split = isValidated ? "validation" : "train"
            lineBuffer.removeAll(keepingCapacity: true)
            lineBuffer += Array("{\"text\":".utf8)
            JSONBytes.quote(record.text, to: &lineBuffer)
            lineBuffer.append(0x2C)
            lineBuffer += record.members
            lineBuffer += [0x7D, 0x0A]
            try writer(split, group).write(lineBuffer, textBytes: record.text.count)
            chain.noteAfter(record, group: group)
            guard let settings = sharder.steps.dialogue, !isValidated else { return }
            for turns in DialogueFinder(settings: settings).dialogues(in: record.text) {
                dialogues += 1
                try writer("dialogue", group).write(DialogueFinder.line(turns), textBytes: 0)
            }
        }

        private func writer(_ split: String, _ group: String) throws -> ShardWriter {
            if let writer = writers["\(split)/\(group)"] { return writer }
            let writer = try ShardWriter(
                folder: sharder.folder, split: split, group: group, unit: number, output: sharder.steps.output)
            writers["\(split)/\(group)"] = writer
            return writer
        }
    }
}
