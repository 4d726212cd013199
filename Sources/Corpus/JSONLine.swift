import JSON

/// A line of a .jsonl file: `{"text": "…"}`; other members are metadata.
enum JSONLine {
    /// - Parameter metadataBytesMax: longer members are left out; nil leaves out all.
    static func document(
        _ line: [UInt8], depthMax: Int, metadataBytesMax: Int?
    ) -> Result<(text: String, metadata: [String: String]), LineFault> {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line, limits: JSONLimits(depthMax: depthMax, bytesMax: line.count))
        } catch {
            return .failure(LineFault(reason: "\(error)"))
        }
        guard let object = value.object else {
            return .failure(LineFault(reason: "expected a JSON object, found \(value.kind)"))
        }
        guard let text = value["text"] else {
            return .failure(LineFault(field: "text", reason: "missing"))
        }
        guard let string = text.string else {
            return .failure(LineFault(field: "text", reason: "expected a string, found \(text.kind)"))
        }
        guard let metadataBytesMax else { return .success((string, [:])) }
        var metadata: [String: String] = [:]
        for member in object where member.key != "text" {
            let text = member.value.string ?? member.value.serialized()
            if text.utf8.count <= metadataBytesMax { metadata[member.key] = text }
        }
        return .success((string, metadata))
    }
}
