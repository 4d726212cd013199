/// Pieces of bytes, one after another.
protocol ByteSource: AnyObject {
    /// Nil at the end; never empty.
    func next() throws(CorpusError) -> [UInt8]?
    /// Bytes taken from disk so far.
    var bytesRead: Int { get }
}

/// A source whose first piece can be looked at before it is taken: the bytes say what they are, names may lie.
final class PeekedBytes: ByteSource {
    private let source: any ByteSource
    private var first: [UInt8]?
    private var hasPeeked = false

    init(_ source: any ByteSource) { self.source = source }

    var bytesRead: Int { source.bytesRead }

    /// The first piece, which `next()` then gives; empty where there is none.
    func peek() throws(CorpusError) -> [UInt8] {
        if !hasPeeked {
            hasPeeked = true
            first = try source.next()
        }
        return first ?? []
    }

    func next() throws(CorpusError) -> [UInt8]? {
        guard let piece = first else { return try source.next() }
        first = nil
        return piece
    }
}
