/// Plain text in parts that end where a paragraph does; a line `<|endoftext|>` ends one too.
final class PlainRecords: RecordSource {
    private let lines: LineReader
    private let limits: CorpusLimits
    private let encoding: TextEncoding
    private var part: [UInt8] = []
    private var firstLine = 1
    private var isDone = false
    private static let separator = Array("<|endoftext|>".utf8)

    init(_ bytes: PeekedBytes, _ limits: CorpusLimits, _ options: RawOptions) throws(CorpusError) {
        let start = try bytes.peek()
        encoding = start.withUnsafeBufferPointer {
            options.encoding.flatMap(TextEncoding.init(label:)) ?? EncodingDetector.detect($0)
        }
        let isUTF8 = encoding == .utf8
        let decoder = isUTF8 ? nil : TextDecoder(encoding)
        lines = LineReader(
            decoder.map { DecodedBytes(bytes, $0) } ?? bytes, lineBytesMax: limits.plainLineBytesMax, cutsLines: true)
        self.limits = limits
    }

    var bytesRead: Int { lines.bytesRead }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        while !isDone {
            do throws(CorpusError) {
                while let line = try lines.next() {
                    if add(line), let document = finish(&faults) { return document }
                }
            } catch {
                faults.note(error)
            }
            isDone = true
            return finish(&faults)
        }
        return nil
    }

    /// Takes a line in; true when the part ends with it.
    private func add(_ line: [UInt8]) -> Bool {
        var line = line[...]
        if line.last == 0x0D { line = line.dropLast() }
        if lines.number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        if line.elementsEqual(Self.separator) { return true }
        if part.isEmpty {
            if line.isEmpty { return false }
            firstLine = lines.number
        }
        part += line
        part.append(0x0A)
        return part.count >= limits.partBytes && line.isEmpty || part.count >= limits.partBytesMax || lines.isCut
    }

    private func finish(_ faults: inout FaultLog) -> RawDocument? {
        defer { part.removeAll(keepingCapacity: true) }
        while let last = part.last, last == 0x0A { part.removeLast() }
        guard !part.isEmpty else { return nil }
        let place = "line \(firstLine)"
        guard !BinaryData.isLike(part) else {
            faults.note(place, "binary data, no text")
            return nil
        }
        let (text, broken) = LineRepair.mend(part)
        if broken > 0 { faults.note(place, "\(broken) bytes are no \(encoding); each became U+FFFD") }
        if let chat = ChatText.dialogue(text) {
            return RawDocument(bytes: chat, place: place, metadata: ["kind": DialogueText.kind])
        }
        return RawDocument(bytes: text, place: place)
    }
}
