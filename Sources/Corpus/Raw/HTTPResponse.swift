/// An answer of a web server as an archive keeps it.
struct HTTPResponse {
    var status: Int
    var contentType: String
    var body: [UInt8]

    private static let headersMax = 256

    /// The body is unfolded where the server had compressed it or sent it in chunks.
    static func parse(_ bytes: [UInt8], _ limits: CorpusLimits) -> Result<HTTPResponse, LineFault> {
        var position = 0
        func line() -> [UInt8]? {
            guard position < bytes.count else { return nil }
            let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
            defer { position = min(end + 1, bytes.count) }
            let line = bytes[position..<end]
            return Array(line.last == 0x0D ? line.dropLast() : line)
        }
        let words = String(decoding: line() ?? [], as: UTF8.self).split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else {
            return .failure(LineFault(reason: "no HTTP response"))
        }
        let headers = HeaderLines.read(headersMax: headersMax, line)
        var body = Array(bytes[position...])
        if headers["transfer-encoding"]?.lowercased() == "chunked", let joined = joinedChunks(body) { body = joined }
        switch headers["content-encoding"]?.lowercased() ?? "identity" {
        case "identity", "": break
        case "gzip", "x-gzip", "deflate":
            // Archives that keep the header but store the page unfolded are common.
            guard body.starts(with: [0x1F, 0x8B]) || body.first == 0x78 else { break }
            guard let unfolded = Inflate.unfold(body, bytesMax: limits.documentBytesMax) else {
                return .failure(LineFault(reason: "its compressed body is broken or too long"))
            }
            body = unfolded
        default:
            if body.prefix(64).contains(where: { $0 < 0x09 }) {
                return .failure(LineFault(reason: "its body is compressed in a way that is not read"))
            }
        }
        return .success(HTTPResponse(status: status, contentType: headers["content-type"] ?? "", body: body))
    }

    /// Nil where the body is not in chunks after all.
    private static func joinedChunks(_ body: [UInt8]) -> [UInt8]? {
        var joined: [UInt8] = []
        var position = 0
        while let end = body[position...].firstIndex(of: 0x0A) {
            let digits = body[position..<end].prefix { $0 != 0x0D && $0 != UInt8(ascii: ";") }
            guard digits.count <= 8, let count = Int(String(decoding: digits, as: UTF8.self).trimmed, radix: 16),
                count >= 0
            else { return nil }
            if count == 0 { return joined }
            let start = end + 1
            joined += body[start..<min(body.count, start + count)]
            guard start + count < body.count else { return joined }
            position = start + count
            if position < body.count, body[position] == 0x0D { position += 1 }
            if position < body.count, body[position] == 0x0A { position += 1 }
        }
        return position > 0 ? joined : nil
    }
}
