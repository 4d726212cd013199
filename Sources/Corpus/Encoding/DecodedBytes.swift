/// A source's bytes as UTF-8.
final class DecodedBytes: ByteSource {
    private let source: any ByteSource
    private let decoder: TextDecoder
    private var isAtEnd = false

    init(_ source: any ByteSource, _ decoder: TextDecoder) {
        self.source = source
        self.decoder = decoder
    }

    var bytesRead: Int { source.bytesRead }
    var broken: Int { decoder.broken }

    func next() throws(CorpusError) -> [UInt8]? {
        while !isAtEnd {
            let piece = try source.next()
            isAtEnd = piece == nil
            let text = decoder.decode(piece ?? [], isLast: isAtEnd)
            if !text.isEmpty { return text }
        }
        return nil
    }
}
