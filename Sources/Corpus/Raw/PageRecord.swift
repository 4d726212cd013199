/// A page: the whole file.
final class PageRecord: RecordSource {
    private let bytes: any ByteSource
    private let limits: CorpusLimits
    private let options: RawOptions
    private var isDone = false

    init(_ bytes: any ByteSource, _ limits: CorpusLimits, _ options: RawOptions) {
        self.bytes = bytes
        self.limits = limits
        self.options = options
    }

    var bytesRead: Int { bytes.bytesRead }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        guard !isDone else { return nil }
        isDone = true
        let whole = try WholeFile.read(bytes, &faults, limits)
        return Page.document(
            whole, label: nil, forced: options.encoding.flatMap(TextEncoding.init(label:)), place: "", &faults)
    }
}
