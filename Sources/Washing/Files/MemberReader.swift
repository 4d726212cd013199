import JSON

/// Members of a document's line that washing wrote itself.
enum MemberReader {
    /// Texts among members without braces, by name.
    static func strings(_ members: [UInt8], _ names: [String]) -> [String: String] {
        guard let value = try? JSONValue(parsing: [0x7B] + members + [0x7D]) else { return [:] }
        var found: [String: String] = [:]
        for name in names { if let text = value[name]?.string { found[name] = text } }
        return found
    }
}
