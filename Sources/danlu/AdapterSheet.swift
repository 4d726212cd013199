import Assistant
import Foundation
import JSON
import Weights

/// What `danlu show` says of an adapter.
struct AdapterSheet {
    let name: String
    let path: String
    let facts: AdapterFacts
    private let bundle: BundleSheet

    init(name: String, path: String) throws {
        self.name = name
        self.path = path
        facts = try AdapterFacts(path: path)
        bundle = BundleSheet(try? ModelBundle.ofAdapter(path))
    }

    var rows: [(String, String)] {
        [
            (Language.text(zh: "名称", en: "name"), name),
            (Language.text(zh: "种类", en: "kind"), "LoRA (\(facts.format))"),
            (Language.text(zh: "基础模型", en: "base model"), facts.base),
            (Language.text(zh: "秩", en: "rank"), facts.ranks.map { "\($0)" }.joined(separator: ", ")),
            ("alpha", facts.alpha.map { String(format: "%g", $0) } ?? ""),
            (Language.text(zh: "层", en: "layers"), "\(facts.layers)"),
            (Language.text(zh: "矩阵", en: "matrices"), facts.targets.joined(separator: ", ")),
            (Language.text(zh: "参数", en: "parameters"), "\(facts.parameters)"),
            (Language.text(zh: "类型", en: "types"), facts.types.joined(separator: ", ")),
            (Language.text(zh: "路径", en: "path"), path),
            (Language.text(zh: "大小", en: "size"), ModelHome.size(facts.fileBytes)),
            (
                Language.text(zh: "使用", en: "use"),
                "danlu chat --adapter \(path)"
            ),
        ] + bundle.rows
    }

    var json: JSONValue {
        [
            "name": .string(name), "kind": "lora", "format": .string(facts.format), "base": .string(facts.base),
            "ranks": .array(facts.ranks.map(JSONValue.int)), "alpha": facts.alpha.map { .double($0) } ?? .null,
            "layers": .int(facts.layers), "targets": .array(facts.targets.map(JSONValue.string)),
            "parameters": .int(facts.parameters), "types": .array(facts.types.map(JSONValue.string)),
            "path": .string(path), "bytes": .int(facts.fileBytes),
            "bundle": bundle.json,
        ]
    }
}
