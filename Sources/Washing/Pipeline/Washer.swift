import Corpus
import Foundation

/// Washes a corpus: files in, shards with a manifest and a report out.
///
///     let washer = try Washer(inputs: ["raw"], recipe: .load("zh-en"), output: "washed", options: options)
///     let outcome = try washer.run { progress in … }
///
/// Three phases, each of which is done unit by unit and leaves whole files: every unit by itself, the merges, the
/// shards. A program that is killed goes on with what is missing; several programs (`Ranks`) share the units of the
/// first and the last phase. What comes out is the same, byte for byte, for any number of threads, kills and
/// programs.
package struct Washer: Sendable {
    package let steps: RecipeSteps
    package let options: WashingOptions
    let plan: WashingPlan
    let folder: WashingFolder

    private static let pollSeconds = 0.2

    /// - Throws: `WashingError`, also when the output folder holds another washing; `CorpusError` for inputs.
    package init(inputs: [String], recipe: Recipe, output: String, options: WashingOptions) throws {
        steps = try RecipeSteps(recipe)
        self.options = options
        folder = WashingFolder(path: output)
        try OutputCheck.check(output, inputs: inputs)
        var limits = options.limits
        if steps.output.unitBytes > 0 {
            (limits.unitBytesMin, limits.unitBytesMax) = (steps.output.unitBytes, steps.output.unitBytes)
        }
        plan = WashingPlan(files: try RawFiles.find(inputs), recipe: recipe, limits: limits)
        guard plan.units.count <= Int(Int32.max) else {
            throw WashingError.step(name: "units", reason: "there are \(plan.units.count), more than \(Int32.max)")
        }
    }

    /// Bytes of all files as they lie on disk.
    package var bytesTotal: Int { plan.units.reduce(0) { $0 + $1.bytes } }

    /// - Throws: `CancellationError` when it was stopped; run again, it goes on.
    package func run(_ tell: @escaping @Sendable (WashingProgress) -> Void) throws -> WashingOutcome {
        let began = ContinuousClock.now
        try prepare()
        let lock = try RankLock(folder.work, options.ranks)
        defer { lock.release() }
        if WashingFiles.exists(folder.done) {
            let outcome = try WashingJSON.decode(WashingOutcome.self, from: folder.done)
            // Whoever finished may have been killed before this.
            if options.ranks.rank == 0 { clear(outcome) }
            return outcome
        }
        do { return try run(began, tell) } catch {
            // The others needed nothing more of this program, and have cleared what it was about to use.
            guard options.ranks.rank > 0, WashingFiles.exists(folder.done) else { throw error }
            return WashingOutcome(isPart: true)
        }
    }

    private func run(
        _ began: ContinuousClock.Instant, _ tell: @escaping @Sendable (WashingProgress) -> Void
    ) throws -> WashingOutcome {
        let meter = ProgressMeter(bytesTotal: bytesTotal, tell: tell)
        let models = try learn(meter)
        try washUnits(models, meter)
        let merged = try merge(meter)
        try shard(merged, meter)
        guard options.ranks.rank == 0 else { return WashingOutcome(isPart: true) }
        try wait(for: { folder.isSharded($0) }, meter)
        return try finish(models, merged, seconds: began.duration(to: .now) / .seconds(1))
    }

    /// Makes the folders, and compares the plan with the one that is there.
    private func prepare() throws {
        for path in [folder.units, folder.shardFacts] { try WashingFiles.makeFolder(path) }
        if WashingFiles.exists(folder.plan) {
            let other = try WashingJSON.decode(WashingPlan.self, from: folder.plan)
            if let difference = plan.difference(from: other) {
                throw WashingError.otherWashing(folder: folder.path, difference: difference)
            }
        } else {
            try WashingFiles.replace(folder.plan, with: try WashingJSON.encode(plan))
        }
    }

    private func learn(_ meter: ProgressMeter) throws -> LearntModels {
        guard steps.firstLearner != nil else { return LearntModels() }
        let facts = folder.learnt + "/learnt.json"
        if options.ranks.rank == 0, !WashingFiles.exists(facts) {
            meter.begin(.learning, bytesTotal: steps.perplexity?.sampleBytes ?? 0)
            try Learner(steps: steps, plan: plan, options: options, meter: meter).learn().write(to: folder.learnt)
        }
        try wait(until: { WashingFiles.exists(facts) }, missing: { 1 }, meter)
        return try LearntModels(folder: folder.learnt)
    }

    private func washUnits(_ models: LearntModels, _ meter: ProgressMeter) throws {
        let own = plan.units.indices.filter { options.ranks.owns($0) && !folder.isWashed($0) }
        meter.begin(.washing, bytesTotal: own.reduce(0) { $0 + plan.units[$1].bytes })
        let washer = UnitWasher(
            steps: steps, models: models, folder: folder, options: options, meter: meter,
            threads: max(1, options.threads / max(1, own.count)))
        try Workers.run(own, threads: options.threads) { try washer.wash($0, plan.units[$0]) }
    }

    private func merge(_ meter: ProgressMeter) throws -> Merger.Facts {
        if options.ranks.rank == 0, !WashingFiles.exists(folder.mergedFacts) {
            try wait(for: { folder.isWashed($0) }, meter)
            meter.begin(.merging, bytesTotal: 0)
            try Merger(steps: steps, plan: plan, folder: folder, options: options).merge()
        }
        try wait(
            until: { WashingFiles.exists(folder.mergedFacts) },
            missing: { plan.units.indices.reduce(0) { $0 + (folder.isWashed($1) ? 0 : 1) } }, meter)
        return try WashingJSON.decode(Merger.Facts.self, from: folder.mergedFacts)
    }

    private func shard(_ merged: Merger.Facts, _ meter: ProgressMeter) throws {
        let own = plan.units.indices.filter { options.ranks.owns($0) && !folder.isSharded($0) }
        meter.begin(.sharding, bytesTotal: own.reduce(0) { $0 + plan.units[$1].bytes })
        let sharder = Sharder(
            steps: steps, merged: merged, folder: folder, options: options, meter: meter, units: plan.units.count)
        try Workers.run(own, threads: options.threads) { try sharder.shard($0) }
    }

    private func finish(_ models: LearntModels, _ merged: Merger.Facts, seconds: Double) throws -> WashingOutcome {
        var outcome = WashingOutcome(
            recipe: steps.recipe.name, statistics: WashingStatistics(steps: steps.stepNames), seconds: seconds)
        for unit in plan.units.indices {
            let washed = try WashingJSON.decode(UnitWasher.Facts.self, from: folder.unit(unit) + "/facts.json")
            let sharded = try WashingJSON.decode(Sharder.Facts.self, from: folder.shardFacts(unit))
            outcome.statistics.merge(washed.statistics, limits: options.limits)
            outcome.statistics.merge(sharded.statistics, limits: options.limits)
            outcome.shards += sharded.shards
            outcome.dialogues += sharded.dialogues
        }
        outcome.statistics.closeLaterSteps(steps.laterNames)
        outcome.merged = merged
        outcome.learnt = models.facts
        try WashingFiles.replace(folder.path + "/recipe.toml", with: Array(steps.recipe.text.utf8))
        try WashingFiles.replace(folder.manifest, with: try WashingManifest(plan, outcome).encoded())
        try WashingReport(outcome).write(to: folder.path)
        try WashingFiles.replace(folder.done, with: try WashingJSON.encode(outcome, isPretty: false))
        clear(outcome)
        return outcome
    }

    /// Removes what was only needed on the way, and what killed programs left.
    private func clear(_ outcome: WashingOutcome) {
        for parent in Set(
            outcome.shards.map { URL(filePath: "\(folder.path)/\($0.path)").deletingLastPathComponent().path }
        )
        .union([folder.rejects]) {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(".") {
                WashingFiles.remove("\(parent)/\(name)")
            }
        }
        guard !options.keepsWork else { return }
        for path in [folder.units, folder.merged, folder.shardFacts] { WashingFiles.remove(path) }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.work)) ?? [] where name.hasPrefix(".")
        {
            WashingFiles.remove("\(folder.work)/\(name)")
        }
    }

    // MARK: Waiting for other programs

    private func wait(for isDone: (Int) -> Bool, _ meter: ProgressMeter) throws {
        func missing() -> Int { plan.units.indices.reduce(0) { $0 + (isDone($1) ? 0 : 1) } }
        try wait(until: { missing() == 0 }, missing: missing, meter)
    }

    private func wait(until isDone: () -> Bool, missing: () -> Int, _ meter: ProgressMeter) throws {
        var isTold = false
        while !isDone() {
            try options.checkStopped()
            guard options.ranks.size > 1, options.ranks.rank == 0 || !WashingFiles.exists(folder.done) else {
                throw WashingError.damaged(path: folder.work, expected: "every unit", actual: "\(missing()) missing")
            }
            if !isTold { meter.begin(.waiting(units: missing()), bytesTotal: 0) }
            isTold = true
            Thread.sleep(forTimeInterval: Self.pollSeconds)
        }
    }
}
