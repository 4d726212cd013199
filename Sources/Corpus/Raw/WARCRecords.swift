/// The pages of an archive of the web: ISO 28500, as Common Crawl and wget write it.
///
/// Responses and resources give pages, conversions (WET) give text; requests, metadata and what is no text are left
/// out.
final class WARCRecords: RecordSource {
    private let cursor: ByteCursor
    private let limits: CorpusLimits
    private var number = 0
    private static let headerBytesMax = 64 << 10
    private static let headersMax = 256

    init(_ bytes: any ByteSource, _ limits: CorpusLimits) {
        cursor = ByteCursor(bytes)
        self.limits = limits
    }

    var bytesRead: Int { cursor.bytesRead }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        while let headers = try nextHeaders(&faults) {
            number += 1
            let place = "record \(number)"
            guard let text = headers["content-length"], let length = Int(text), length >= 0 else {
                faults.note(place, "it has no length; the next record is looked for")
                continue
            }
            let kind = headers["warc-type"] ?? ""
            let isWanted = ["response", "resource", "conversion"].contains(kind)
            let isKept = isWanted && length <= limits.documentBytesMax
            if isWanted, !isKept { faults.note(place, "\(length) bytes, the limit is \(limits.documentBytesMax)") }
            let body = try cursor.take(length, isKept: isKept)
            guard body.count == length else {
                faults.note(place, "the file ends within it")
                return nil
            }
            if isKept, let document = document(body.bytes, kind, headers, place, &faults) { return document }
        }
        return nil
    }

    /// The headers of the next record: lines up to a line `WARC/…` are passed over.
    private func nextHeaders(_ faults: inout FaultLog) throws(CorpusError) -> [String: String]? {
        var strayLines = 0
        while let line = try cursor.line(bytesMax: Self.headerBytesMax) {
            if line.starts(with: "WARC/".utf8) {
                if strayLines > 0 { faults.note("after record \(number)", "\(strayLines) lines are no record") }
                return try HeaderLines.read(headersMax: Self.headersMax) { () throws(CorpusError) -> [UInt8]? in
                    try self.cursor.line(bytesMax: Self.headerBytesMax)
                }
            }
            if !line.isEmpty { strayLines += 1 }
        }
        if strayLines > 0 { faults.note("after record \(number)", "\(strayLines) lines are no record") }
        return nil
    }

    private func document(
        _ body: [UInt8], _ kind: String, _ headers: [String: String], _ place: String, _ faults: inout FaultLog
    ) -> RawDocument? {
        var metadata: [String: String] = [:]
        metadata["url"] = headers["warc-target-uri"].map { String($0.drop { $0 == "<" }.prefix { $0 != ">" }) }
        metadata["date"] = headers["warc-date"]
        guard kind == "response", headers["content-type"]?.contains("http") ?? true else {
            let type = headers["content-type"] ?? "text/plain"
            return document(body, type: kind == "conversion" ? "text/plain" : type, place, metadata, &faults)
        }
        switch HTTPResponse.parse(body, limits) {
        case .success(let response):
            guard (200..<300).contains(response.status) else { return nil }
            return document(response.body, type: response.contentType, place, metadata, &faults)
        case .failure(let fault):
            faults.note(place, fault.reason)
            return nil
        }
    }

    private func document(
        _ body: [UInt8], type: String, _ place: String, _ metadata: [String: String], _ faults: inout FaultLog
    ) -> RawDocument? {
        let type = type.lowercased()
        let label = type.range(of: "charset=").map { String(type[$0.upperBound...].prefix { $0 != ";" }) }
        if type.contains("html") || type.isEmpty {
            return Page.document(body, label: label, place: place, metadata: metadata, &faults)
        }
        guard type.hasPrefix("text/plain") else { return nil }
        let (text, broken) = LineRepair.decode(body, label: label)
        if broken > 0 { faults.note(place, "\(broken) bytes are no text; each became U+FFFD") }
        return RawDocument(bytes: text, place: place, metadata: metadata)
    }
}
