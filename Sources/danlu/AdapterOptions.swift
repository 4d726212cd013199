import ArgumentParser
import Assistant
import Foundation
import Model
import Weights

/// The options of verbs that run a model with LoRA adapters.
struct AdapterOptions: ParsableArguments {
    @Option(
        name: .customLong("adapter"),
        help: .init(
            Language.text(
                zh: "LoRA 适配器（GGUF 文件或 PEFT 文件夹），可重复。",
                en: "A LoRA adapter, a GGUF file or a folder of PEFT's; repeat for more."), valueName: "path"))
    var paths: [String] = []

    @Option(
        name: .customLong("adapter-scale"),
        help: .init(Language.text(zh: "适配器的强度（默认 1）。", en: "How much of the adapters is added (default: 1).")))
    var scale: Float = 1

    func validate() throws {
        guard abs(scale) <= 100 else { throw ValidationError("--adapter-scale: -100…100") }
        guard paths.count <= 8 else { throw ValidationError("--adapter: ≤ 8") }
    }

    /// The model as it was asked for, else the one that the first adapter was trained with, where that is still there.
    func model(_ named: String?) -> String? { named ?? paths.first.flatMap { Self.base(of: $0) } }

    static func base(of adapter: String) -> String? {
        guard let path = (try? ModelBundle.ofAdapter(adapter))?.basePath,
            FileManager.default.fileExists(atPath: path)
        else { return nil }
        return path
    }

    /// For a model without an engine.
    func uses(for model: Transformer, of files: ModelFiles) throws -> [AdapterUse] {
        try paths.map { path in
            try ModelBundle.check(adapter: path, on: files, ModelHome.contentSums)
            return AdapterUse(try Adapter(AdapterFiles.open(path), for: model), scale: scale)
        }
    }

    /// The assistant with them.
    func applied(to assistant: Assistant) throws -> Assistant {
        guard !paths.isEmpty else { return assistant }
        return try assistant.adapted(
            by: paths.map { AdapterUse(try assistant.loadAdapter(path: $0), scale: scale) })
    }
}

/// An adapter of `danlu serve`: NAME=PATH, or a path alone, whose file or folder gives the name.
struct NamedAdapter: ExpressibleByArgument {
    let name: String
    let path: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        path = parts[parts.count - 1]
        guard !path.isEmpty, !parts[0].isEmpty else { return nil }
        let file = URL(filePath: path)
        let isGGUF = file.pathExtension.lowercased() == "gguf"
        name =
            parts.count > 1
            ? parts[0] : (isGGUF ? file.deletingPathExtension() : file).lastPathComponent
    }
}
