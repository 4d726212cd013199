import Foundation

/// Standard input to standard output, whole lines at a time: memory is bounded, speed is that of `transform`.
enum LineFilter {
    private static let pieceBytes = 1 << 20
    /// A longer line is cut; nothing here is known to have one.
    private static let lineBytesMax = 64 << 20

    /// - Parameter transform: gets whole lines, each with its line end but perhaps the last, and appends what is to be
    ///   written.
    static func run(_ transform: (UnsafeBufferPointer<UInt8>, inout [UInt8]) throws -> Void) throws {
        var lines: [UInt8] = []
        var output: [UInt8] = []
        while let piece = try FileHandle.standardInput.read(upToCount: pieceBytes), !piece.isEmpty {
            lines += piece
            let last = piece.lastIndex(of: 0x0A).map { lines.count - (piece.endIndex - $0) + 1 }
            guard let end = last ?? (lines.count > lineBytesMax ? lines.count : nil) else { continue }
            try write(lines[..<end], &output, transform)
            lines.removeFirst(end)
        }
        try write(lines[...], &output, transform)
    }

    private static func write(
        _ lines: ArraySlice<UInt8>, _ output: inout [UInt8],
        _ transform: (UnsafeBufferPointer<UInt8>, inout [UInt8]) throws -> Void
    ) throws {
        guard !lines.isEmpty else { return }
        output.removeAll(keepingCapacity: true)
        try lines.withUnsafeBufferPointer { try transform($0, &output) }
        Terminal.output(bytes: output)
    }

    /// Calls `body` with the range of each line, without its line end.
    static func forEachLine(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var place = 0
        while place < bytes.count {
            let found = memchr(base + place, 0x0A, bytes.count - place)
            let end = found.map { base.distance(to: $0.assumingMemoryBound(to: UInt8.self)) } ?? bytes.count
            body(UnsafeBufferPointer(start: base + place, count: end - place))
            place = end + 1
        }
    }
}
