/// The documents of one raw file, one at a time, in bounded memory. Not thread-safe.
///
///     let reader = try RawReader(file)
///     while let document = try reader.next() { … }
///     for fault in reader.faults { report(fault) }
///
/// A broken or hostile file is never fatal: what can be read of it is given, and the rest is in `faults`, with its
/// place and its reason.
package final class RawReader {
    private let file: RawFile
    private let limits: CorpusLimits
    private let options: RawOptions
    private let bytes: FileBytes
    private var records: (any RecordSource)?
    private var log: FaultLog
    private var isAtEnd = false

    /// What was passed over, up to `CorpusLimits.faultsMax`.
    package var faults: [CorpusError] { log.faults }
    /// How much was passed over.
    package var faultCount: Int { log.count }
    /// Bytes of the file that have been read, as they lie on disk.
    package var bytesRead: Int { max(bytes.bytesRead, records?.bytesRead ?? 0) }

    /// - Throws: `CorpusError.cannotRead` when the file cannot be opened.
    package init(
        _ file: RawFile, limits: CorpusLimits = CorpusLimits(), options: RawOptions = RawOptions()
    ) throws(CorpusError) {
        self.file = file
        self.limits = limits
        self.options = options
        // A stretch begins after the line end that is before it, or is, its first byte's neighbour.
        bytes = try FileBytes(path: file.path, from: max(0, (file.range?.lowerBound ?? 0) - 1))
        log = FaultLog(file: file.name, faultsMax: limits.faultsMax)
    }

    /// The next document that is not empty; nil after the last.
    ///
    /// - Throws: `CorpusError.cannotRead` when the system fails to read on; everything else is noted.
    package func next() throws(CorpusError) -> RawDocument? {
        while !isAtEnd {
            do throws(CorpusError) {
                if records == nil { records = try open() }
                guard var document = try records?.next(&log) else { break }
                if finish(&document) { return document }
            } catch {
                isAtEnd = true
                if case .cannotRead = error { throw error }
                log.note(error)
            }
        }
        isAtEnd = true
        return nil
    }

    /// Mends what the wrong table spoilt. False where there is nothing left to give.
    private func finish(_ document: inout RawDocument) -> Bool {
        if Mojibake.mend(&document.bytes) == .lost {
            log.note(document.place, "its characters were lost when it was converted")
            return false
        }
        return document.bytes.contains { $0 > 0x20 }
    }

    private func book(_ bytes: any ByteSource) throws(CorpusError) -> EPUBRecords {
        guard file.path == FileBytes.standardInput else {
            return try EPUBRecords(path: file.path, name: file.name, limits)
        }
        let spooled = try SpooledFile(bytes, name: file.name, bytesMax: limits.spooledBytesMax)
        // The archive holds the file open from then on.
        return try withExtendedLifetime(spooled) { () throws(CorpusError) in
            try EPUBRecords(path: spooled.path, name: file.name, limits)
        }
    }

    private func open() throws(CorpusError) -> any RecordSource {
        let peeked = PeekedBytes(try Decompression.open(bytes, path: file.name, limits: limits))
        let start = try peeked.peek()
        let format = file.format ?? start.withUnsafeBufferPointer { RawFormat(content: $0) }
        return switch format {
        case .plain: try PlainRecords(peeked, limits, options)
        case .html: PageRecord(peeked, limits, options)
        case .jsonLines: try JSONLineRecords(peeked, range: file.range, limits, options)
        case .warc: WARCRecords(peeked, limits)
        case .table: try TableRecords(peeked, limits, options)
        case .subtitles: SubtitleRecord(peeked, limits)
        case .messages: CatalogueRecords(peeked, file: file.name, limits)
        case .epub: try book(peeked)
        case .json: JSONRecords(peeked, limits, options)
        }
    }
}
