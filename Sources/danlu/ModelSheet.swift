import Assistant
import Foundation
import Hub
import JSON
import Weights

/// What `danlu show` says of a model.
struct ModelSheet {
    private let entry: ModelShelf.Entry
    private let manifest: Manifest?
    private let text: TextModel
    private let facts: ModelFacts
    private let bundle: BundleSheet
    /// The context that memory is stated for: the model's own, but not more than people use by default.
    private let contextTokens: Int

    init(entry: ModelShelf.Entry, installed: InstalledModel?, text: TextModel) {
        self.entry = entry
        self.text = text
        manifest = installed?.manifest
        facts = ModelFacts(text.files)
        bundle = BundleSheet(try? ModelBundle.of(text.files))
        contextTokens = min(facts.configuration?.contextTokens ?? 0, 8192)
    }

    private var licence: String { [manifest?.licence, facts.licence].compactMap { $0 }.first { !$0.isEmpty } ?? "" }

    private var quantisation: String { facts.quantization }

    private var template: String {
        switch text.templateOrigin {
        case .file:
            switch Result(catching: { try text.template() }) {
            case .success: Language.text(zh: "文件自带", en: "the file's own")
            case .failure(let error): Language.text(zh: "无法使用：\(error)", en: "cannot be used: \(error)")
            }
        case .fallback(let fallback):
            Language.text(zh: "文件没有；用 \(fallback.rawValue)", en: "none in the file; \(fallback.rawValue) is used")
        }
    }

    var rows: [(String, String)] {
        let mix = facts.mix.map { "\($0.type) \($0.bytes * 100 / max(1, facts.fileBytes))%" }.joined(separator: ", ")
        var rows = [
            (Language.text(zh: "名称", en: "name"), entry.name),
            (Language.text(zh: "标题", en: "title"), facts.title ?? ""),
            (Language.text(zh: "架构", en: "architecture"), facts.architecture),
            (Language.text(zh: "参数", en: "parameters"), Self.count(facts.parameters)),
            (Language.text(zh: "量化", en: "quantisation"), "\(quantisation) (\(mix))"),
        ]
        if let configuration = facts.configuration {
            rows += [
                (
                    Language.text(zh: "形状", en: "shape"),
                    Language.text(
                        zh:
                            "\(configuration.layers) 层 × \(configuration.embeddingDim)，"
                            + "词表 \(configuration.vocabularySize)",
                        en: "\(configuration.layers) layers × \(configuration.embeddingDim), "
                            + "vocabulary \(configuration.vocabularySize)")
                ),
                (Language.text(zh: "上下文", en: "context"), "\(configuration.contextTokens)"),
            ]
        }
        if let obstacle = facts.obstacle { rows.append((Language.text(zh: "无法运行", en: "cannot be run"), obstacle)) }
        rows += [
            (Language.text(zh: "模板", en: "template"), template),
            (Language.text(zh: "许可", en: "licence"), licence),
            (Language.text(zh: "内存", en: "memory"), memory),
            (Language.text(zh: "路径", en: "path"), entry.path),
            (Language.text(zh: "大小", en: "size"), ModelHome.size(facts.fileBytes)),
            (Language.text(zh: "来源", en: "source"), manifest?.source ?? ""),
            (Language.text(zh: "日期", en: "date"), manifest?.date ?? ""),
        ]
        for file in manifest?.files ?? [] {
            rows.append(("  \(file.name)", "\(ModelHome.size(file.size))  sha256 \(file.sha256)"))
        }
        return rows + bundle.rows
    }

    private var memory: String {
        guard let bytes = facts.memoryBytes(contextTokens: contextTokens) else { return "" }
        return Language.text(
            zh: "约 \(ModelHome.size(bytes))（上下文 \(contextTokens)）",
            en: "about \(ModelHome.size(bytes)) with a context of \(contextTokens)")
    }

    var json: JSONValue {
        let mix = facts.mix.map { share -> JSONValue in
            ["type": .string(share.type), "tensors": .int(share.tensors), "bytes": .int(share.bytes)]
        }
        let files = (manifest?.files ?? []).map { file -> JSONValue in
            ["name": .string(file.name), "size": .int(file.size), "sha256": .string(file.sha256)]
        }
        func string(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        func int(_ number: Int?) -> JSONValue { number.map { .int($0) } ?? .null }
        let configuration = facts.configuration
        return [
            "name": .string(entry.name), "title": string(facts.title), "architecture": .string(facts.architecture),
            "parameters": .int(facts.parameters), "quantisation": .string(quantisation), "types": .array(mix),
            "layers": int(configuration?.layers), "embedding_length": int(configuration?.embeddingDim),
            "vocabulary_size": int(configuration?.vocabularySize), "context_length": int(configuration?.contextTokens),
            "template": .string(template), "licence": .string(licence),
            "memory_bytes": int(facts.memoryBytes(contextTokens: contextTokens)),
            "memory_context": .int(contextTokens), "cannot_run": string(facts.obstacle),
            "path": .string(entry.path), "bytes": .int(facts.fileBytes), "source": string(manifest?.source),
            "date": string(manifest?.date), "files": .array(files), "bundle": bundle.json,
        ]
    }

    private static func count(_ parameters: Int) -> String {
        let (value, unit) = parameters >= 1_000_000_000 ? (1e9, "B") : (1e6, "M")
        return String(format: "%.2f %@ (%d)", Double(parameters) / value, unit, parameters)
    }
}
