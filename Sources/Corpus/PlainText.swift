/// Gathers the lines of a plain text into documents.
///
/// A line `<|endoftext|>` ends a document. A long text is cut where a paragraph ends: rows of training are far shorter
/// than a part, and parts, unlike whole books, can be shuffled and held out.
struct PlainText {
    private var bytes: [UInt8] = []
    private var firstLine = 0
    private static let separator = Array("<|endoftext|>".utf8)

    typealias Part = (text: String, line: Int)

    /// Takes a line in; returns what it finishes.
    ///
    /// - Parameters:
    ///   - line: valid UTF-8 without the line end.
    ///   - isCut: whether the line goes on; this part of it is then the end of a document.
    mutating func add(_ line: [UInt8], number: Int, isCut isPart: Bool, _ limits: CorpusLimits) -> Part? {
        var line = line[...]
        if line.last == 0x0D { line = line.dropLast() }
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        if line.elementsEqual(Self.separator) { return finish() }
        if bytes.isEmpty {
            // Empty lines before a text are no part of it.
            if line.isEmpty { return nil }
            firstLine = number
        }
        bytes += line
        bytes.append(0x0A)
        let isFull = bytes.count >= limits.partBytes && line.isEmpty || bytes.count >= limits.partBytesMax
        return isFull || isPart ? finish() : nil
    }

    /// What is left when the file ends.
    mutating func finish() -> Part? {
        defer { bytes.removeAll(keepingCapacity: true) }
        while let last = bytes.last, last == 0x0A { bytes.removeLast() }
        guard !bytes.isEmpty else { return nil }
        return (String(decoding: bytes, as: UTF8.self), firstLine)
    }
}
