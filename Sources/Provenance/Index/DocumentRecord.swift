import Kernels

/// A document in `documents.bin`: 32 bytes, little-endian; one more than there are documents, which says where the last
/// one ends.
///
///     offset 0   its first symbol (8 bytes)
///     offset 8   where its metadata begin in metadata.bin (8)
///     offset 16  file, line, source (4 each), 4 zeros
struct DocumentRecord: Equatable {
    var symbol: Int
    var metadata: Int
    var file: Int
    var line: Int
    var source: Int

    static let bytes = 32

    var stored: [UInt8] {
        let words = [symbol, metadata].flatMap { Self.little($0, 8) }
        return words + [file, line, source, 0].flatMap { Self.little($0, 4) }
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    init(symbol: Int, metadata: Int, file: Int, line: Int, source: Int) {
        self.symbol = symbol
        self.metadata = metadata
        self.file = file
        self.line = line
        self.source = source
    }

    /// - Precondition: the record lies within the view.
    init(_ view: ByteView, _ index: Int) {
        let at = index * Self.bytes
        symbol = Int(truncatingIfNeeded: view.load(at: at, as: UInt64.self))
        metadata = Int(truncatingIfNeeded: view.load(at: at + 8, as: UInt64.self))
        file = Int(view.load(at: at + 16, as: UInt32.self))
        line = Int(view.load(at: at + 20, as: UInt32.self))
        source = Int(view.load(at: at + 24, as: UInt32.self))
    }
}
