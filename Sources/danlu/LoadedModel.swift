import Assistant
import Kernels
import Model
import Weights

/// A model's weights without an engine, for measurements.
struct LoadedModel {
    let name: String
    let text: TextModel
    let pool: WorkerPool
    let transformer: Transformer
    /// What its runs have.
    let adapters: [AdapterUse]

    init(_ options: ModelOptions, _ adapters: AdapterOptions) throws {
        let entry = try LocalModels.entry(adapters.model(options.model))
        let progress = LoadProgress(name: entry.name)
        defer { progress.finish() }
        name = entry.name
        text = try TextModel(path: entry.path)
        try ModelBundle.check(text.files, path: entry.path, ModelHome.contentSums)
        pool = try WorkerPool(threads: options.assistantOptions.effectiveThreads)
        transformer = try Transformer(text.files, on: pool) { progress.take($0) }
        self.adapters = try adapters.uses(for: transformer, of: text.files)
    }
}
