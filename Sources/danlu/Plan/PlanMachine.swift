import ArgumentParser
import Foundation
import Kernels
import Training

/// Which machine, by name or by figures.
struct PlanMachine: ParsableArguments {
    /// What this machine is called.
    static let here = ["this", "local", "cpu"]

    @Option(
        help: .init(
            Language.text(
                zh: "机器：this（本机，实测）或 \(Machine.known.map(\.name).joined(separator: "、"))。",
                en: "The machine: this (measured) or \(Machine.known.map(\.name).joined(separator: ", "))."),
            valueName: "name"))
    var machine = "this"
    @Option(help: .init(Language.text(zh: "多少台／张。", en: "How many of them."))) var count = 1
    @Option(
        help: .init(
            Language.text(zh: "峰值 TFLOP/s，代替所知的。", en: "Peak in TFLOP/s, instead of what is known."),
            valueName: "tflops"))
    var peak: Double?
    @Option(
        help: .init(
            Language.text(zh: "训练达到峰值的几成，0…1。", en: "The part of the peak that training reaches, 0…1.")))
    var utilisation: Double?
    @Option(help: .init(Language.text(zh: "一台的功率（瓦）。", en: "Power of one in watts."))) var watts: Double?
    @Option(help: .init(Language.text(zh: "一台每小时的价格。", en: "Price of one for an hour."))) var priceHour: Double?
    @Option(help: .init(Language.text(zh: "每度电的价格。", en: "Price of a kilowatt-hour."))) var priceKwh: Double?
    @Option(help: .init(Language.text(zh: "本机线程数。", en: "Threads of this machine.")))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    static let countMax = 10_000_000

    var isHere: Bool { Self.here.contains(machine.lowercased()) && (peak == nil || utilisation == nil) }

    func validate() throws {
        guard (1...Self.countMax).contains(count) else { throw ValidationError("--count: 1…\(Self.countMax)") }
        guard (1...256).contains(threads) else { throw ValidationError("--threads: 1…256") }
        if let utilisation, !(utilisation > 0 && utilisation <= 1) { throw ValidationError("--utilisation: 0…1") }
        for (name, value) in [("peak", peak), ("watts", watts)] {
            if let value, !(value > 0 && value.isFinite) { throw ValidationError("--\(name) > 0") }
        }
        for (name, value) in [("price-hour", priceHour), ("price-kwh", priceKwh)] {
            if let value, !(value >= 0 && value.isFinite) { throw ValidationError("--\(name) >= 0") }
        }
        guard Self.here.contains(machine.lowercased()) || Machine.named(machine) != nil || peak != nil else {
            throw ValidationError(
                Language.text(zh: "不认识的机器 \(machine)；请给出 --peak", en: "\(machine) is not known; give its --peak"))
        }
    }

    var prices: TrainingPlan.Prices { TrainingPlan.Prices(perHour: priceHour, perKilowattHour: priceKwh) }

    /// The machine, measured where that is needed with a few steps of the planned model.
    ///
    /// - Parameters:
    ///   - batchTokens: tokens of a step; the recipe's where nothing is said.
    ///   - rows: of a micro-batch.
    func resolved(for plan: TrainingPlan, batchTokens: Int? = nil, rows: Int? = nil) throws -> Machine {
        var found = Machine.named(machine) ?? Machine(name: machine, peakFlops: 0, utilisation: 0.4, source: "")
        if isHere { found = try measured(plan, batchTokens ?? plan.recipe.batchTokens, rows) }
        if let peak {
            found.peakFlops = peak * 1e12
            found.source = Language.text(zh: "用户给出", en: "given by the user")
        }
        found.utilisation = utilisation ?? found.utilisation
        found.watts = watts ?? found.watts
        found.count = count
        return found
    }

    private func measured(_ plan: TrainingPlan, _ batchTokens: Int, _ rows: Int?) throws -> Machine {
        let pool = try WorkerPool(threads: threads)
        let trial = try TrainingTrial.measure(
            plan.model, sequence: plan.sequence, batchTokens: batchTokens, rows: rows, precision: plan.precision,
            optimizer: plan.optimizer, recompute: plan.recompute, pool: pool)
        let peak = TrainingKernels.peak(plan.precision, on: pool)
        return Machine(
            name: "this", peakFlops: peak, utilisation: trial.flops / peak,
            memoryBytes: Double(ProcessInfo.processInfo.physicalMemory),
            source: Language.text(
                zh: "本机实测：\(threads) 个线程的 \(plan.precision) 峰值，与计划模型的几步训练",
                en: "measured: the \(plan.precision) peak of \(threads) threads, and a few steps of the planned model"))
    }
}
