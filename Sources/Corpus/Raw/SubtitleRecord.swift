/// Subtitles as one text: a line for each line that is shown, once where it is shown twice in a row.
final class SubtitleRecord: RecordSource {
    private let bytes: any ByteSource
    private let limits: CorpusLimits
    private var isDone = false

    init(_ bytes: any ByteSource, _ limits: CorpusLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    var bytesRead: Int { bytes.bytesRead }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        guard !isDone else { return nil }
        isDone = true
        let cues = Subtitles.cues(try WholeFile.read(bytes, &faults, limits))
        guard !cues.isEmpty else {
            faults.note("", "it has no subtitles")
            return nil
        }
        var lines: [String] = []
        for line in cues.flatMap(\.lines) where line != lines.last { lines.append(line) }
        let text = Array(lines.joined(separator: "\n").utf8)
        return RawDocument(bytes: text, metadata: ["kind": "subtitles"])
    }
}
