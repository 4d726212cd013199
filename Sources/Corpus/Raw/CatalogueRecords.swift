/// The translations of a catalogue as text: one after another, in parts.
final class CatalogueRecords: RecordSource {
    private let bytes: any ByteSource
    private let limits: CorpusLimits
    private let file: String
    private var catalogue: MessageCatalogue?
    private var next = 0

    init(_ bytes: any ByteSource, file: String, _ limits: CorpusLimits) {
        self.bytes = bytes
        self.file = file
        self.limits = limits
    }

    var bytesRead: Int { bytes.bytesRead }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        if catalogue == nil { catalogue = try MessageCatalogue(try WholeFile.read(bytes, &faults, limits), file: file) }
        guard let catalogue, next < catalogue.messages.count else { return nil }
        let first = next
        var text: [UInt8] = []
        while next < catalogue.messages.count, text.count < limits.partBytes {
            if !text.isEmpty { text.append(0x0A) }
            text += catalogue.messages[next].translation.utf8
            next += 1
        }
        var metadata = ["kind": "messages"]
        metadata["language"] = catalogue.language
        return RawDocument(bytes: text, place: "message \(first + 1)", metadata: metadata)
    }
}
