/// Takes lines and stretches of bytes from a source whose parts say their own lengths.
final class ByteCursor {
    private let source: any ByteSource
    private var piece: [UInt8] = []
    private var position = 0
    /// Bytes that have been taken, unfolded.
    private(set) var taken = 0

    init(_ source: any ByteSource) { self.source = source }

    var bytesRead: Int { source.bytesRead }

    private func fill() throws(CorpusError) -> Bool {
        guard position == piece.count else { return true }
        guard let more = try source.next() else { return false }
        (piece, position) = (more, 0)
        return true
    }

    /// The bytes up to the next line end, which is taken too; nil at the end of the source.
    ///
    /// - Parameter bytesMax: what a longer line has beyond them is lost.
    func line(bytesMax: Int) throws(CorpusError) -> [UInt8]? {
        var line: [UInt8] = []
        var hasAny = false
        while try fill() {
            hasAny = true
            let end = piece[position...].firstIndex(of: 0x0A)
            line += piece[position..<(end ?? piece.count)].prefix(max(0, bytesMax - line.count))
            let next = end.map { $0 + 1 } ?? piece.count
            taken += next - position
            position = next
            if end != nil { break }
        }
        if line.last == 0x0D { line.removeLast() }
        return hasAny ? line : nil
    }

    /// The next `count` bytes, fewer at the end; where they are not kept, none.
    func take(_ count: Int, isKept: Bool = true) throws(CorpusError) -> (bytes: [UInt8], count: Int) {
        var bytes: [UInt8] = []
        var left = count
        while left > 0, try fill() {
            let step = min(left, piece.count - position)
            if isKept { bytes += piece[position..<(position + step)] }
            position += step
            taken += step
            left -= step
        }
        return (bytes, count - left)
    }
}
