import JSON

extension ModelFolder {
    /// The model's chat template, nil when it has none.
    ///
    /// - Parameter tokenizerConfig: tokenizer_config.json.
    func chatTemplate(
        _ tokenizerConfig: JSONValue?, _ limits: WeightsLimits
    ) throws(WeightsError) -> String? {
        if let template = try text("chat_template.jinja", limits) { return template }
        let own = try object("chat_template.json", limits)
        for (file, source) in [("chat_template.json", own), ("tokenizer_config.json", tokenizerConfig)] {
            guard let value = source?["chat_template"], !value.isNull else { continue }
            if let template = value.string { return template }
            return try defaultTemplate(value, context(file), limits)
        }
        return nil
    }

    /// Of a list of objects with name and template, the one named "default".
    private func defaultTemplate(
        _ value: JSONValue, _ context: FileContext, _ limits: WeightsLimits
    ) throws(WeightsError) -> String {
        guard let list = value.array else {
            throw context.malformed("chat_template", expected: "a string or an array", actual: value.kind)
        }
        guard list.count <= limits.chatTemplatesMax else {
            throw context.overLimit("chat_template", "chatTemplatesMax", limits.chatTemplatesMax, actual: list.count)
        }
        guard let template = list.first(where: { $0["name"]?.string == "default" })?["template"]?.string else {
            throw context.missing(
                "chat_template", expected: "a template named “default”", actual: "\(list.count) others")
        }
        return template
    }
}
