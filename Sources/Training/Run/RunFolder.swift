import Foundation

/// A run on disk: everything that going on, showing and exporting need.
///
///     config.json        RunConfiguration
///     data.json          DataManifest
///     tokenizer/         a copy of the tokenizer's files
///     examples/          of tuning: the examples as tokens, TokenShard
///     template.jinja     of tuning: the chat template that rendered them
///     log.jsonl          what happened, a line each, only ever appended to
///     checkpoints/       CheckpointStore
///     lock               held by the program that trains
package struct RunFolder: Sendable {
    package let path: String

    package init(path: String) { self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }

    package var name: String { (path as NSString).lastPathComponent }
    package var configurationPath: String { "\(path)/config.json" }
    package var dataPath: String { "\(path)/data.json" }
    package var tokenizerPath: String { "\(path)/tokenizer" }
    package var examplesPath: String { "\(path)/examples" }
    package var templatePath: String { "\(path)/template.jinja" }
    package var logPath: String { "\(path)/log.jsonl" }
    package var checkpoints: CheckpointStore { CheckpointStore(folder: "\(path)/checkpoints") }

    /// Whether a run has been begun here.
    package var exists: Bool { Files.exists(configurationPath) }

    /// Lays out a new run. The configuration comes last: without it there is no run.
    ///
    /// - Throws: `TrainingError.runExists`, `.file`.
    func create(_ configuration: RunConfiguration, _ data: DataManifest) throws(TrainingError) {
        guard !exists else { throw .runExists(path: path) }
        try Files.makeFolder(checkpoints.folder)
        try Files.makeFolder(tokenizerPath)
        for name in TrainingTokenizer.fileNames
        where !configuration.tokenizer.isEmpty && Files.exists("\(configuration.tokenizer)/\(name)") {
            let bytes = try Files.read("\(configuration.tokenizer)/\(name)", bytesMax: 512 << 20)
            try Files.replace("\(tokenizerPath)/\(name)", with: bytes)
        }
        try Files.replace(dataPath, withJSON: data)
        try Files.replace(configurationPath, withJSON: configuration)
    }

    /// - Throws: `TrainingError.noRun`, `.damaged`.
    package func configuration() throws(TrainingError) -> RunConfiguration {
        guard exists else { throw .noRun(path: path) }
        return try Files.read(RunConfiguration.self, from: configurationPath)
    }

    package func data() throws(TrainingError) -> DataManifest { try Files.read(DataManifest.self, from: dataPath) }

    func update(_ configuration: RunConfiguration) throws(TrainingError) {
        try Files.replace(configurationPath, withJSON: configuration)
    }
}
