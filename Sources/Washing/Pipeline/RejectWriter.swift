/// Documents that were dropped, each with step, rule and value, in a compressed file of lines.
///
///     {"step":"gopher","rule":"words_min","value":12.0,"limit":50.0,"source":"a.jsonl","place":"line 3","text":"…"}
final class RejectWriter {
    private let file: GzipWriter
    private var line: [UInt8] = []

    init(path: String) throws(WashingError) { file = try GzipWriter(path: path, level: 1, hashes: false) }

    func write(_ document: WashedDocument, _ rejection: Verdict.Rejection) throws(WashingError) {
        begin(rejection.step, rejection.rule)
        JSONBytes.member("value", rejection.value, to: &line)
        JSONBytes.member("limit", rejection.limit, to: &line)
        document.appendMembers(to: &line)
        try finish(document.text)
    }

    /// A document that steps on all documents drop.
    ///
    /// - Parameter kept: the document that is kept for it, or empty.
    func write(_ record: KeptRecord, step: String, rule: String, kept: String) throws(WashingError) {
        begin(step, rule)
        if !kept.isEmpty { JSONBytes.member("kept", kept, to: &line) }
        if !record.members.isEmpty { line += [0x2C] + record.members }
        try finish(record.text)
    }

    func close() throws(WashingError) { _ = try file.close() }

    private func begin(_ step: String, _ rule: String) {
        line.removeAll(keepingCapacity: true)
        line.append(0x7B)
        JSONBytes.member("step", step, to: &line)
        JSONBytes.member("rule", rule, to: &line)
    }

    private func finish(_ text: [UInt8]) throws(WashingError) {
        line += Array(",\"text\":".utf8)
        JSONBytes.quote(text, to: &line)
        line += [0x7D, 0x0A]
        try file.write(line)
    }
}
