import Foundation

/// The checkpoints of a run: `step-N` folders and the pointer `latest`, which names the last that was completed.
package struct CheckpointStore: Sendable {
    package let folder: String

    /// Why a checkpoint was passed over.
    package struct Rejected: Equatable, Sendable {
        package var path: String
        package var reason: String
    }

    private static let pointerName = "latest"
    private static let pointerBytesMax = 256

    package init(folder: String) { self.folder = folder }

    static func name(_ step: Int) -> String { String(format: "step-%08d", step) }

    package func path(_ step: Int) -> String { "\(folder)/\(Self.name(step))" }

    /// Steps of the folders that are there, newest first.
    package var steps: [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { $0.hasPrefix("step-") ? Int($0.dropFirst(5)) : nil }.sorted(by: >)
    }

    /// The step that the pointer names.
    package var latest: Int? {
        guard let bytes = try? Files.read("\(folder)/\(Self.pointerName)", bytesMax: Self.pointerBytesMax) else {
            return nil
        }
        let name = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? ""
        return name.hasPrefix("step-") ? Int(name.dropFirst(5)) : nil
    }

    /// The newest checkpoint that verifies. One that is complete but not yet the pointer's counts too.
    ///
    /// - Parameter isWanted: by the manifest alone; others are passed over without a word.
    package func newest(
        where isWanted: (CheckpointManifest) -> Bool = { _ in true }
    ) -> (checkpoint: Checkpoint?, rejected: [Rejected]) {
        var rejected: [Rejected] = []
        for step in steps {
            let path = path(step)
            if let manifest = manifest(step), !isWanted(manifest) { continue }
            do {
                return (try Checkpoint(verifying: path), rejected)
            } catch {
                rejected.append(Rejected(path: path, reason: "\(error)"))
            }
        }
        return (nil, rejected)
    }

    func manifest(_ step: Int) -> CheckpointManifest? {
        try? Files.read(CheckpointManifest.self, from: "\(path(step))/\(Checkpoint.manifestName)")
    }

    /// Makes the pointer name a step whose folder is complete and synced.
    func point(to step: Int) throws(TrainingError) {
        try Files.replace("\(folder)/\(Self.pointerName)", with: Array("\(Self.name(step))\n".utf8))
    }

    /// Clears what a killed program left: folders that were being written, and one that was being replaced.
    package func recover() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix(".step-")
        {
            let path = "\(folder)/\(name)"
            if name.hasSuffix(Self.replacedEnding) {
                let target = "\(folder)/\(name.dropFirst().dropLast(Self.replacedEnding.count))"
                if !Files.exists(target), (try? Files.move(path, to: target)) != nil { continue }
            }
            Files.remove(path)
        }
    }

    static let partialEnding = ".partial"
    private static let replacedEnding = ".replaced"

    /// Gives a folder that is complete and synced its name; one of that name gives way.
    func install(_ partial: String, step: Int) throws(TrainingError) {
        let replaced = "\(folder)/.\(Self.name(step))\(Self.replacedEnding)"
        Files.remove(replaced)
        if Files.exists(path(step)) { try Files.move(path(step), to: replaced) }
        try Files.move(partial, to: path(step))
        Files.remove(replaced)
    }

    /// Removes all but the newest regular ones, those after them, and milestones.
    package func prune(keep: Int) {
        let found = steps.map { (step: $0, manifest: manifest($0)) }
        let regular = found.filter { $0.manifest?.isRegular ?? false }
        guard regular.count >= keep, let oldest = regular.dropFirst(keep - 1).first else { return }
        for (step, manifest) in found where step < oldest.step && !(manifest?.isMilestone ?? false) {
            Files.remove(path(step))
        }
    }

    /// Takes the checkpoints after a step out of the run's way: they are damaged, or the run goes on differently from
    /// there. They stay under a name that is not resumed from.
    func setAside(after step: Int) throws(TrainingError) {
        for later in steps where later > step {
            var target = "\(folder)/aside-\(Self.name(later))"
            var number = 1
            while Files.exists(target) {
                number += 1
                target = "\(folder)/aside-\(number)-\(Self.name(later))"
            }
            try Files.move(path(later), to: target)
        }
    }
}
