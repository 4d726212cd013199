import JSON

/// A line of a .jsonl file: `{"text": "…"}`; other members are left out of account.
enum JSONLine {
    static func text(_ line: [UInt8], depthMax: Int) -> Result<String, LineFault> {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line, limits: JSONLimits(depthMax: depthMax, bytesMax: line.count))
        } catch {
            return .failure(LineFault(reason: "\(error)"))
        }
        guard value.object != nil else {
            return .failure(LineFault(reason: "expected a JSON object, found \(value.kind)"))
        }
        guard let text = value["text"] else {
            return .failure(LineFault(field: "text", reason: "missing"))
        }
        guard let string = text.string else {
            return .failure(LineFault(field: "text", reason: "expected a string, found \(text.kind)"))
        }
        return .success(string)
    }
}
