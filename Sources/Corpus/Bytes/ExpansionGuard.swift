/// Ends compressed data that unfolds into far more than text ever does: a file of some kilobytes must not keep a
/// machine busy for days.
final class ExpansionGuard: ByteSource {
    private let source: any ByteSource
    private let path: String
    private let limits: CorpusLimits
    private var given = 0

    init(_ source: any ByteSource, path: String, limits: CorpusLimits) {
        self.source = source
        self.path = path
        self.limits = limits
    }

    var bytesRead: Int { source.bytesRead }

    func next() throws(CorpusError) -> [UInt8]? {
        guard let piece = try source.next() else { return nil }
        given += piece.count
        guard given <= limits.expandedBytesFree || given / limits.expansionMax <= bytesRead else {
            throw .passedOver(
                file: path, place: "after \(given) bytes",
                reason: "it unfolds to more than \(limits.expansionMax) times its size")
        }
        return piece
    }
}
