import Foundation
import Kernels

/// The second phase, on all units together: finds what is there twice, and how much of each group a mixture takes.
struct Merger {
    /// What the last phase must know.
    struct Facts: Codable, Sendable {
        struct Copies: Codable, Equatable, Sendable {
            var texts = 0
            var groups = 0
            var dropped = 0
            var largestGroup = 0

            init(_ counts: DuplicateCounts) {
                texts = counts.texts
                groups = counts.groups
                dropped = counts.dropped
                largestGroup = counts.largestGroup
            }
        }

        var exact: Copies?
        var near: Copies?
        var lines: Copies?
        var passages: Copies?
        /// Share of each group's documents that the mixture takes; nil where there is no mixture.
        var shares: [String: Double]?
        /// Share of the documents that is validated on.
        var validation = 0.0
    }

    let steps: RecipeSteps
    let plan: WashingPlan
    let folder: WashingFolder
    let options: WashingOptions

    func merge() throws {
        let partial = folder.partial(of: folder.merged)
        WashingFiles.remove(partial)
        let scratch = partial + "/scratch"
        try WashingFiles.makeFolder(scratch)
        var facts = Facts()
        let units = plan.units.indices
        let memory = options.limits.mergeBytesMax
        if steps.exact != nil {
            facts.exact = Facts.Copies(
                try ExactDuplicates.merge(
                    runs: units.map { folder.unit($0) + "/exact" },
                    into: DropLists(folder: partial, name: "exact", units: 0..<units.count), scratch: scratch,
                    memoryBytesMax: memory))
        }
        try options.checkStopped()
        if let settings = steps.near {
            facts.near = Facts.Copies(
                try NearDuplicates.merge(
                    units: units.map { ($0, folder.unit($0) + "/near") }, settings: settings,
                    into: DropLists(folder: partial, name: "near", units: 0..<units.count), scratch: scratch,
                    memoryBytesMax: memory))
        }
        try options.checkStopped()
        if let settings = steps.lines {
            facts.lines = Facts.Copies(
                try ExactDuplicates.merge(
                    runs: units.map { folder.unit($0) + "/lines" },
                    into: DropLists(folder: partial, name: "lines", units: 0..<units.count), scratch: scratch,
                    memoryBytesMax: memory, copiesMin: settings.copiesMin))
        }
        try options.checkStopped()
        if let settings = steps.passages {
            facts.passages = Facts.Copies(try findPassages(settings, drops: partial, scratch: scratch))
        }
        try weigh(partial, &facts)
        WashingFiles.remove(scratch)
        let file = try FileWriter(path: partial + "/merged.json")
        try file.write(try WashingJSON.encode(facts))
        try file.close()
        try WashingFiles.syncFolder(partial)
        try WashingFiles.move(partial, to: folder.merged)
    }

    /// Looks for passages in what is left once duplicates are gone, so that none is lost with a document that goes.
    private func findPassages(
        _ settings: RecipeSteps.Passages, drops: String, scratch: String
    ) throws -> DuplicateCounts {
        var found: [(unit: Int, path: String)] = []
        for unit in plan.units.indices {
            try options.checkStopped()
            let own = try WashingJSON.decode(UnitWasher.Facts.self, from: folder.unit(unit) + "/facts.json")
            var dropped = try UnitDrops(drops, unit: unit, units: plan.units.count, steps: steps, hasPassages: false)
            let reader = try KeptReader(path: folder.unit(unit) + "/kept", limits: options.limits)
            let path = "\(scratch)/text-\(unit)"
            let writer = try PassageWriter(path: path, unit: unit, syncs: false)
            for index in 0..<own.documents {
                guard let record = try reader.next() else { break }
                guard try dropped.step(for: index) == nil else { continue }
                try record.text.withUnsafeBufferPointer { try writer.add($0, index: index) }
            }
            try writer.finish()
            found.append((unit, path))
        }
        return try RepeatedPassages.merge(
            units: found, bytesMin: settings.bytesMin,
            into: DropLists(folder: drops, name: "passages", units: 0..<plan.units.count), scratch: scratch,
            memoryBytesMax: options.limits.mergeBytesMax, on: WorkerPool(threads: options.threads))
    }

    /// How much of each group is left once duplicates are gone, and what share of it is taken.
    private func weigh(_ drops: String, _ facts: inout Facts) throws {
        var left: [String: Int] = [:]
        for unit in plan.units.indices {
            let own = try WashingJSON.decode(UnitWasher.Facts.self, from: folder.unit(unit) + "/facts.json")
            var dropped = try UnitDrops(drops, unit: unit, units: plan.units.count, steps: steps)
            let index = try IndexReader(path: folder.unit(unit) + "/index", documents: own.documents)
            for place in 0..<own.documents where try dropped.step(for: place) == nil {
                let entry = index.entry(place)
                guard Int(entry.group) < own.groups.count else { throw index.damaged() }
                left[own.groups[Int(entry.group)], default: 0] += entry.bytes
            }
        }
        var total = left.values.reduce(0, +)
        if let mixture = steps.mixture {
            let wanted = left.filter { $0.value > 0 && (mixture.weights[$0.key] ?? 0) > 0 }
            // The group that is scarcest for its weight is taken whole.
            let scale = wanted.map { Double($0.value) / (mixture.weights[$0.key] ?? 1) }.min() ?? 0
            var shares = left.mapValues { _ in 0.0 }
            for (name, bytes) in wanted {
                shares[name] = min(1, scale * (mixture.weights[name] ?? 0) / Double(bytes))
            }
            facts.shares = shares
            total = Int(left.reduce(0.0) { $0 + Double($1.value) * (shares[$1.key] ?? 0) })
        }
        let cap = Double(steps.split.validationBytesMax) / Double(max(1, total))
        facts.validation = min(steps.split.validation, cap)
    }
}

/// Which documents and lines of one unit the merges drop.
struct UnitDrops {
    private var exact: DropCursor?
    private var near: DropCursor?
    private var lines: DropCursor?
    private var passages: PassageCursor?

    /// - Parameter hasPassages: false while they are not known.
    init(_ folder: String, unit: Int, units: Int, steps: RecipeSteps, hasPassages: Bool = true) throws {
        func lists(_ name: String) -> DropLists { DropLists(folder: folder, name: name, units: 0..<units) }
        func cursor(_ name: String) throws -> DropCursor { try lists(name).cursor(unit: unit) }
        exact = try steps.exact.map { _ in try cursor("exact") }
        near = try steps.near.map { _ in try cursor("near") }
        lines = try steps.lines.map { _ in try cursor("lines") }
        if hasPassages { passages = try steps.passages.map { _ in try lists("passages").passages(unit: unit) } }
    }

    /// The step that drops a document, and for which; places ascend.
    mutating func step(for document: Int) throws -> (name: String, kept: DocumentKey)? {
        let copy = try exact?.kept(for: document)
        let like = try near?.kept(for: document)
        if let copy { return ("exact", copy) }
        return like.map { ("near", $0) }
    }

    /// Bytes of a document that stand in an earlier one; places ascend.
    mutating func passages(of document: Int) throws -> [Range<Int>] { try passages?.ranges(of: document) ?? [] }

    /// Whether a line is dropped; places ascend.
    mutating func dropsLine(_ line: Int) throws -> Bool { try lines?.kept(for: line) != nil }
}

/// Hash, bytes and group of each document of a unit, 14 bytes each.
struct IndexReader {
    private let bytes: [UInt8]
    private let path: String
    private static let stride = 14

    init(path: String, documents: Int) throws(WashingError) {
        self.path = path
        bytes = try WashingFiles.read(
            path, bytesMax: documents.multipliedReportingOverflow(by: Self.stride).partialValue)
        guard bytes.count == documents * Self.stride else { throw damaged() }
    }

    func entry(_ document: Int) -> (hash: UInt64, bytes: Int, group: UInt16) {
        bytes.withUnsafeBytes { buffer in
            let place = document * Self.stride
            return (
                UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: place, as: UInt64.self)),
                Int(UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: place + 8, as: UInt32.self))),
                UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: place + 12, as: UInt16.self))
            )
        }
    }

    func damaged() -> WashingError {
        .damaged(path: path, expected: "\(Self.stride) bytes a document", actual: "\(bytes.count)")
    }
}
