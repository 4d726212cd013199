/// Headers of mail's form, `Name: value`, up to an empty line. Names in lower case; the first of a name counts.
enum HeaderLines {
    static func read<Failure: Error>(
        headersMax: Int, _ next: () throws(Failure) -> [UInt8]?
    ) throws(Failure) -> [String: String] {
        var headers: [String: String] = [:]
        while let line = try next(), !line.isEmpty {
            guard headers.count < headersMax, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
            if headers[name] == nil { headers[name] = value.trimmed }
        }
        return headers
    }
}

extension StringProtocol {
    /// Without the white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
