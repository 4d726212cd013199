import Corpus
import Foundation

/// The first phase for one unit: reads, washes each document by itself, and writes what is left with its signatures.
///
/// A function of the unit's files, the recipe and the models: whoever does it comes to the same bytes. Everything is
/// written into a folder of this program's own that takes its name when it is whole.
struct UnitWasher {
    /// What the later phases must know of a unit.
    struct Facts: Codable, Sendable {
        var statistics: WashingStatistics
        /// Names of the groups that records number.
        var groups: [String]
        var documents: Int
        var lines: Int
    }

    let steps: RecipeSteps
    let models: LearntModels
    let folder: WashingFolder
    let options: WashingOptions
    let meter: ProgressMeter
    /// That wash one unit, where there are fewer units than threads.
    let threads: Int

    func wash(_ number: Int, _ unit: WashingPlan.Unit) throws {
        guard !folder.isWashed(number) else { return }
        let partial = folder.partial(of: folder.unit(number))
        WashingFiles.remove(partial)
        try WashingFiles.makeFolder(partial)
        do {
            let facts = try Pass(self, number, unit, partial).run()
            let file = try FileWriter(path: partial + "/facts.json")
            try file.write(try WashingJSON.encode(facts, isPretty: false))
            try file.close()
            try WashingFiles.syncFolder(partial)
        } catch {
            // A disk that is full has room again for what is whole.
            WashingFiles.remove(partial)
            throw error
        }
        do { try WashingFiles.move(partial, to: folder.unit(number)) } catch {
            // Another program with the same unit was first; its bytes are the same.
            WashingFiles.remove(partial)
            guard folder.isWashed(number) else { throw error }
        }
    }

    /// One unit on its way.
    private final class Pass {
        private let washer: UnitWasher
        private let number: Int
        private let unit: WashingPlan.Unit
        private let partial: String
        private let kept: KeptWriter
        private let index: FileWriter
        private let rejects: RejectWriter?
        private let signatures: SignatureWriter
        private let batches: BatchWasher
        private var statistics: WashingStatistics
        private var groups: [String] = []
        private var groupNumbers: [String: UInt16] = [:]
        private var documents = 0

        init(_ washer: UnitWasher, _ number: Int, _ unit: WashingPlan.Unit, _ partial: String) throws {
            self.washer = washer
            self.number = number
            self.unit = unit
            self.partial = partial
            kept = try KeptWriter(path: partial + "/kept")
            index = try FileWriter(path: partial + "/index")
            rejects = washer.options.keepsRejects ? try RejectWriter(path: partial + "/rejects.jsonl.gz") : nil
            signatures = try SignatureWriter(washer.steps, folder: partial, unit: number)
            let limits = washer.options.limits
            batches = BatchWasher(threads: washer.threads) {
                StepChain(
                    washer.steps.chain(washer.models), laterSteps: washer.steps.laterNames, limits: limits)
            }
            statistics = WashingStatistics(steps: washer.steps.stepNames)
        }

        func run() throws -> Facts {
            let source = DocumentSource(unit.pieces, limits: washer.options.limits, options: washer.options.raw)
            var counted = 0
            var washed = batches.next(from: source)
            while !washed.isEmpty {
                try washer.options.checkStopped()
                for one in washed { try take(one) }
                washer.meter.add(source.bytesRead - counted)
                counted = source.bytesRead
                washed = batches.next(from: source)
            }
            washer.meter.add(unit.bytes - counted)
            batches.addCounts(to: &statistics, limits: washer.options.limits)
            statistics.faults = source.faults
            statistics.faultTexts = source.faultTexts
            statistics.fileBytes = source.bytesRead
            try kept.close()
            try index.close()
            try rejects?.close()
            try signatures.close()
            WashingFiles.remove(partial + "/scratch")
            return Facts(
                statistics: statistics, groups: groups, documents: documents, lines: signatures.lines)
        }

        private func take(_ washed: BatchWasher.Washed) throws {
            let document = washed.document
            // Sites are counted apart up to a limit: in the order of the documents, whatever the threads.
            statistics.before.add(
                language: document.language, source: StepChain.top(document.source),
                domain: document.metadata["url"].flatMap(Domain.of), bytes: washed.bytesBefore,
                domainsMax: washer.options.limits.domainsMax)
            guard let rejection = washed.rejection else { return try keep(washed) }
            try rejects?.write(document, rejection)
        }

        private func keep(_ washed: BatchWasher.Washed) throws {
            let document = washed.document
            let hash = try signatures.add(document.text, index: documents)
            let group = try group(document)
            let record = KeptRecord(
                text: document.text, members: members(washed), hash: hash, group: group)
            try kept.write(record)
            try index.write(hash)
            try index.write(UInt32(document.text.count))
            try index.write(group)
            documents += 1
        }

        private func group(_ document: WashedDocument) throws -> UInt16 {
            let name =
                washer.steps.mixture?.bySource == true
                ? StepChain.top(document.source) : Perplexity.group(document.language)
            if let number = groupNumbers[name] { return number }
            guard groups.count < Int(UInt16.max) else {
                throw WashingError.step(name: "mixture", reason: "more than \(UInt16.max) sources in one unit")
            }
            let number = UInt16(groups.count)
            groups.append(name)
            groupNumbers[name] = number
            return number
        }

        /// The members of a document's line but its text.
        private func members(_ washed: BatchWasher.Washed) -> [UInt8] {
            let document = washed.document
            var bytes: [UInt8] = []
            JSONBytes.member("id", "\(number)-\(documents)", to: &bytes)
            document.appendMembers(to: &bytes)
            for score in document.scores { JSONBytes.member(score.name, score.value, to: &bytes) }
            let changes = washed.trims.map { (name: "\($0.step).\($0.rule)", value: $0.parts) }
            if !changes.isEmpty { JSONBytes.member("changes", changes, to: &bytes) }
            return bytes
        }
    }
}

extension WashedDocument {
    /// What a document says of itself, where washing says something of that name.
    private static let renamed = [
        "id": "original_id", "source": "original_source", "place": "original_place", "language": "original_language",
        "text": "original_text", "changes": "original_changes",
    ]

    /// Where it is from and what is known of it, as members of a JSON object.
    func appendMembers(to bytes: inout [UInt8]) {
        JSONBytes.member("source", source, to: &bytes)
        if !place.isEmpty { JSONBytes.member("place", place, to: &bytes) }
        if !language.isEmpty { JSONBytes.member("language", language, to: &bytes) }
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            JSONBytes.member(Self.renamed[name] ?? name, value, to: &bytes)
        }
    }
}
