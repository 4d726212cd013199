import Foundation
import JSON
import Testing
import Training

@Suite struct CheckpointTests {
    /// A finished run of 12 steps with checkpoints at 8 and 12, and at 10, where the decay begins.
    private func finished() throws -> TinyRun {
        let run = try TinyRun()
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        return run
    }

    @Test func theNewestAreKeptAndMilestones() throws {
        let run = try finished()
        defer { run.remove() }
        #expect(run.runFolder.checkpoints.steps == [12, 10])
        #expect(run.runFolder.checkpoints.latest == 12)
        let names = try FileManager.default.contentsOfDirectory(atPath: run.runFolder.checkpoints.folder).sorted()
        #expect(names == ["latest", "step-00000010", "step-00000012"])
    }

    @Test(arguments: ["weights.safetensors", "optimizer.safetensors", "state.json", "manifest.json"])
    func damageIsFoundAndTheOneBeforeIsTaken(name: String) throws {
        let run = try finished()
        defer { run.remove() }
        let store = run.runFolder.checkpoints
        let file = URL(filePath: "\(store.path(12))/\(name)")
        let sound = try Data(contentsOf: file)
        for place in stride(from: 0, to: sound.count, by: max(1, sound.count / (name == "manifest.json" ? 400 : 40))) {
            var bytes = sound
            bytes[place] ^= 0x10
            try bytes.write(to: file)
            let (checkpoint, rejected) = store.newest()
            #expect(checkpoint?.manifest.step == 10 && rejected.count == 1, "byte \(place)")
        }
        for length in [0, 1, sound.count / 2, sound.count - 2] {
            try sound.prefix(length).write(to: file)
            #expect(store.newest().checkpoint?.manifest.step == 10, "length \(length)")
        }
        try FileManager.default.removeItem(at: file)
        #expect(store.newest().checkpoint?.manifest.step == 10)
        try sound.write(to: file)
        #expect(store.newest().checkpoint?.manifest.step == 12)
    }

    /// Manifests of the first format have no seal; a manifest of the second that lost it is damaged.
    @Test func manifestsWithoutASealAreRead() throws {
        let run = try finished()
        defer { run.remove() }
        let store = run.runFolder.checkpoints
        let file = URL(filePath: "\(store.path(12))/manifest.json")
        var manifest = try #require(try JSONValue(parsing: Data(contentsOf: file)).object)
        manifest["seal"] = nil
        try Data(JSONValue.object(manifest).serialized().utf8).write(to: file)
        #expect(store.newest().checkpoint?.manifest.step == 10)
        manifest["format"] = "danlu-checkpoint-1"
        try Data(JSONValue.object(manifest).serialized().utf8).write(to: file)
        #expect(store.newest().checkpoint?.manifest.step == 12)
        manifest["format"] = "danlu-checkpoint-3"
        try Data(JSONValue.object(manifest).serialized().utf8).write(to: file)
        #expect(store.newest().checkpoint?.manifest.step == 10)
    }

    @Test func aDamagedPointerIsNoHindrance() throws {
        let run = try finished()
        defer { run.remove() }
        let store = run.runFolder.checkpoints
        for text in ["", "step-", "step-00000099\n", "\u{0}\u{0}", "step-99999999999999999999999"] {
            try Data(text.utf8).write(to: URL(filePath: "\(store.folder)/latest"))
            #expect(store.newest().checkpoint?.manifest.step == 12, "\(text)")
        }
    }

    @Test func leftoversAreClearedAndAReplacedFolderComesBack() throws {
        let run = try finished()
        defer { run.remove() }
        let store = run.runFolder.checkpoints
        let files = FileManager.default
        try files.createDirectory(atPath: "\(store.folder)/.step-00000016.partial", withIntermediateDirectories: true)
        try files.moveItem(atPath: store.path(12), toPath: "\(store.folder)/.step-00000012.replaced")
        store.recover()
        #expect(store.newest().checkpoint?.manifest.step == 12)
        #expect(try files.contentsOfDirectory(atPath: store.folder).allSatisfy { !$0.hasPrefix(".") })
    }

    @Test func withoutASoundCheckpointTheRunBeginsAnew() throws {
        let run = try finished()
        defer { run.remove() }
        let weights = try run.weights(12)
        for step in run.runFolder.checkpoints.steps {
            try Data("x".utf8).write(to: URL(filePath: "\(run.runFolder.checkpoints.path(step))/state.json"))
        }
        let events = EventList()
        let trainer = try run.resume(events.add)
        #expect(trainer.step == 0)
        #expect(events.events.count { if case .rejected = $0 { true } else { false } } == 2)
        #expect(try trainer.run(until: StopRequest()) == .finished)
        #expect(try run.weights(12) == weights)
    }
}
