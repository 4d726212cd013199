extension ModelBundle {
    /// Compares a model with what it says of itself, if it says anything. What is small is compared first.
    ///
    /// - Parameter path: the model as it was named.
    /// - Throws: `WeightsError.mismatch` naming the first part that differs.
    public static func check(
        _ files: ModelFiles, path: String, _ contents: ContentSums = ContentSums()
    ) throws(WeightsError) {
        guard let bundle = try of(files) else { return }
        let context = FileContext(operation: "use", file: path)
        try bundle.checkRecord(context)
        let sums = try ModelSums(files, contents)
        for (part, actual) in [
            (BundlePart.tokenizer, sums.tokenizer), (.template, sums.template), (.configuration, sums.configuration),
            (.weights, sums.weights),
        ] {
            try bundle.compare(part, actual, context)
        }
    }

    /// Compares an adapter, and the model that it is to change, with what the adapter says of itself, if it says
    /// anything.
    ///
    /// - Throws: `WeightsError.mismatch` naming the first part that differs.
    public static func check(
        adapter path: String, on model: ModelFiles, _ contents: ContentSums = ContentSums()
    ) throws(WeightsError) {
        guard let bundle = try ofAdapter(path) else { return }
        let context = FileContext(operation: "use", file: path)
        try bundle.checkRecord(context)
        for (part, actual) in try adapterParts(path, contents).sorted(by: { $0.key.rawValue > $1.key.rawValue }) {
            try bundle.compare(part, actual, context)
        }
        try bundle.compare(.run, origin(of: model), context, model: model.paths.first)
        guard bundle.parts[.base] != nil else { return }
        let sums = try ModelSums(model, contents)
        for (part, actual) in [
            (BundlePart.base, sums.base), (.tokenizer, sums.tokenizer), (.template, sums.template),
        ] {
            try bundle.compare(part, actual, context, model: model.paths.first)
        }
    }

    /// The weights of a run that a model was exported from, as its files say.
    private static func origin(of model: ModelFiles) -> String? {
        switch model {
        case .gguf(let file): file.metadata.string(originKey)
        case .folder(let folder): folder.metadata[originKey]
        }
    }

    /// What the bundle itself holds.
    private func checkRecord(_ context: FileContext) throws(WeightsError) {
        try compare(.training, training.map(Self.sum), context)
        try compare(.data, data.map(Self.sum), context)
        guard Self.seal(parts) == seal else {
            throw context.mismatch(
                "the bundle's list of hashes", expected: seal, actual: Self.seal(parts),
                hint: "it was edited; export the model again")
        }
    }

    private func compare(
        _ part: BundlePart, _ actual: String?, _ context: FileContext, model: String? = nil
    ) throws(WeightsError) {
        guard let expected = parts[part], actual != expected else { return }
        throw context.mismatch(
            "part \(shown(part.rawValue))" + (model.map { " (\($0))" } ?? ""), expected: expected,
            actual: actual ?? "none", hint: hint(part, isAdapter: parts[.adapter] != nil))
    }

    private func hint(_ part: BundlePart, isAdapter: Bool) -> String {
        let again = "put back what was exported, or export again"
        let base = baseName.map { shown($0) } ?? "its base"
        let all = "; to use it all the same, remove \(Self.fileName)"
        switch part {
        case .weights: return "the weights are others than those that were exported; \(again)"
        case .adapter: return "\(AdapterFolder.weights) is another than the one that was exported; \(again)"
        case .configuration:
            return "\(isAdapter ? AdapterFolder.configuration : "the configuration") was changed; \(again)"
        case .base: return "the adapter was trained with \(base); give that model\(all)"
        case .run: return "the adapter was trained with the run’s weights of \(base); export and give those\(all)"
        case .tokenizer where isAdapter:
            return "the model's tokenizer is not the one that the adapter was trained with (\(base))\(all)"
        case .tokenizer: return "the tokenizer's files were changed; \(again)"
        case .template where isAdapter:
            return "the model's chat template is not the one that the adapter was trained with (\(base))\(all)"
        case .template: return "the chat template was changed; \(again)"
        case .training, .data: return "the bundle was edited; export the model again"
        }
    }
}
