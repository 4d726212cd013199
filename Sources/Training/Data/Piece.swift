/// A part of a document that fits a row: tokens that are read, each of which has the next one as its target.
///
///     document   a b c d e f g          a piece of start 0, count 4 reads a b c d and learns b c d e;
///                └─────┘ └───┘          the next, of start 4, count 2, reads e f and learns f g
package struct Piece: Equatable, Sendable {
    package var source: Int
    package var document: Int
    package var start: Int
    /// Tokens that are read.
    package var count: Int

    package init(source: Int, document: Int, start: Int, count: Int) {
        self.source = source
        self.document = document
        self.start = start
        self.count = count
    }
}

/// Four numbers in a list: a buffer holds hundreds of pieces.
extension Piece: Codable {
    package init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        source = try list.decode(Int.self)
        document = try list.decode(Int.self)
        start = try list.decode(Int.self)
        count = try list.decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for number in [source, document, start, count] { try list.encode(number) }
    }
}
