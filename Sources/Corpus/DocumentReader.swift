/// Reads the documents of a source one at a time; holds one line or part, not a file.
package struct DocumentReader {
    private let source: TextSource
    private var nextFile = 0
    private var lines: LineReader?
    private var pending = PlainText()
    /// Lines that were passed over because they are broken.
    package private(set) var brokenLines = 0
    /// The first broken line that was passed over, as its error would have said it.
    package private(set) var firstBrokenLine: CorpusError?
    /// Bytes of the files that have been read, as they lie on disk.
    package var bytesRead: Int { finishedBytes + (lines?.bytesRead ?? 0) }
    private var finishedBytes = 0

    init(source: TextSource) { self.source = source }

    /// The next document that is not empty; nil after the last.
    ///
    /// - Throws: `CorpusError.brokenLine` when more than `brokenLinesMax` are broken, `.cannotRead`, `.badCompression`.
    package mutating func next() throws(CorpusError) -> Document? {
        while true {
            guard let reader = lines else {
                guard nextFile < source.files.count else { return nil }
                let file = source.files[nextFile]
                let isPlain = file.format == .plain
                lines = try LineReader(
                    path: file.path,
                    lineBytesMax: isPlain ? source.limits.plainLineBytesMax : source.limits.lineBytesMax,
                    cutsLines: isPlain)
                continue
            }
            let file = source.files[nextFile]
            let document =
                switch file.format {
                case .plain: try nextPlain(reader, file)
                case .jsonLines: try nextJSON(reader, file)
                }
            if let document { return document }
            finishedBytes += reader.bytesRead
            lines = nil
            nextFile += 1
        }
    }

    private mutating func nextPlain(_ lines: LineReader, _ file: TextSource.File) throws(CorpusError) -> Document? {
        while let line = try next(of: lines, file) {
            if let text = pending.add(line, number: lines.number, isCut: lines.isCut, source.limits) {
                return Document(text: text.text, file: file.path, line: text.line)
            }
        }
        return pending.finish().map { Document(text: $0.text, file: file.path, line: $0.line) }
    }

    private mutating func nextJSON(_ lines: LineReader, _ file: TextSource.File) throws(CorpusError) -> Document? {
        while let line = try next(of: lines, file) {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            let limits = source.limits
            let metadataBytesMax = limits.keepsMetadata ? limits.metadataBytesMax : nil
            switch JSONLine.document(line, depthMax: limits.jsonDepthMax, metadataBytesMax: metadataBytesMax) {
            case .success(let (text, metadata)):
                if text.isEmpty { continue }
                return Document(text: text, file: file.path, line: lines.number, metadata: metadata)
            case .failure(let fault): try pass(over: fault, file, lines.number)
            }
        }
        return nil
    }

    /// The next line that is not too long and, in a plain text, UTF-8.
    private mutating func next(of lines: LineReader, _ file: TextSource.File) throws(CorpusError) -> [UInt8]? {
        while let line = try lines.next() {
            guard !lines.isTooLong else {
                let limit = source.limits.lineBytesMax
                try pass(over: LineFault(reason: "longer than \(limit) bytes"), file, lines.number)
                continue
            }
            if file.format == .plain, String(validating: line, as: UTF8.self) == nil {
                try pass(over: LineFault(reason: "not valid UTF-8"), file, lines.number)
                continue
            }
            return line
        }
        return nil
    }

    private mutating func pass(over fault: LineFault, _ file: TextSource.File, _ line: Int) throws(CorpusError) {
        let error = CorpusError.brokenLine(
            file: file.path, line: line, field: fault.field, reason: fault.reason,
            skippedMax: source.limits.brokenLinesMax)
        guard brokenLines < source.limits.brokenLinesMax else { throw error }
        brokenLines += 1
        if firstBrokenLine == nil { firstBrokenLine = error }
    }
}
