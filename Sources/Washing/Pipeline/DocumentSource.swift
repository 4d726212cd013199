import Corpus
import Extraction

/// The documents of some files, one after another: pages as their main text, everything as UTF-8.
final class DocumentSource {
    private let pieces: [WashingPlan.Piece]
    private let limits: WashingLimits
    private let options: RawOptions
    private var next = 0
    private var reader: RawReader?
    private var finishedBytes = 0
    private(set) var faults = 0
    private(set) var faultTexts: [String] = []

    /// Bytes of the files that have been read, as they lie on disk.
    var bytesRead: Int { finishedBytes + (reader?.bytesRead ?? 0) }

    init(_ pieces: [WashingPlan.Piece], limits: WashingLimits, options: RawOptions = RawOptions()) {
        self.pieces = pieces
        self.limits = limits
        self.options = options
    }

    /// Nil after the last. What cannot be read is counted and passed over.
    func nextDocument() -> WashedDocument? {
        while next < pieces.count {
            let piece = pieces[next]
            do {
                if reader == nil { reader = try RawReader(piece.file, options: options) }
                while let raw = try reader?.next() {
                    if let document = document(raw, piece) { return document }
                }
            } catch {
                note("\(error)")
            }
            finish(piece)
        }
        return nil
    }

    private func finish(_ piece: WashingPlan.Piece) {
        if let reader {
            faults += reader.faultCount
            faultTexts += reader.faults.prefix(max(0, limits.faultsKept - faultTexts.count)).map { "\($0)" }
            finishedBytes += reader.bytesRead
        }
        reader = nil
        next += 1
    }

    private func document(_ raw: RawDocument, _ piece: WashingPlan.Piece) -> WashedDocument? {
        guard raw.bytes.count <= limits.documentBytesMax else {
            note("\(piece.name), \(raw.place): \(raw.bytes.count) bytes, more than \(limits.documentBytesMax)")
            return nil
        }
        guard raw.isHTML else {
            return WashedDocument(text: raw.bytes, source: piece.name, place: raw.place, metadata: raw.metadata)
        }
        do {
            let page = try HTMLExtraction.mainText(raw.bytes)
            var metadata = raw.metadata
            for (name, value) in [("title", page.title), ("date", page.date)] {
                if metadata[name] == nil, let value { metadata[name] = value }
            }
            return WashedDocument(text: page.bytes, source: piece.name, place: raw.place, metadata: metadata)
        } catch {
            note("\(piece.name)\(raw.place.isEmpty ? "" : ", \(raw.place)"): \(error)")
            return nil
        }
    }

    private func note(_ text: String) {
        faults += 1
        if faultTexts.count < limits.faultsKept { faultTexts.append(text) }
    }
}
