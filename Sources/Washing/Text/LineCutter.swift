/// Takes lines out of a text.
enum LineCutter {
    /// Writes into `buffer` what is left when some lines of the scan are taken out; empty lines stay, never two
    /// together that were not.
    ///
    /// - Parameter drops: for each line of the scan.
    static func cut(_ text: [UInt8], _ scan: TextScan, drops: [Bool], into buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: true)
        var copied = 0
        text.withUnsafeBufferPointer { bytes in
            for (line, drop) in zip(scan.lines, drops) where drop {
                var start = Int(line.start)
                while start > copied, bytes[start - 1] != 0x0A { start -= 1 }
                var end = Int(line.end)
                while end < bytes.count, bytes[end] != 0x0A { end += 1 }
                append(bytes[copied..<start], to: &buffer)
                copied = min(end + 1, bytes.count)
            }
            append(bytes[copied...], to: &buffer)
        }
        while let last = buffer.last, last == 0x0A || last == 0x20 { buffer.removeLast() }
    }

    private static func append(_ part: Slice<UnsafeBufferPointer<UInt8>>, to buffer: inout [UInt8]) {
        var part = part
        // The empty lines on both sides of what was taken out become those on one side.
        while let first = part.first, first == 0x0A, buffer.isEmpty || buffer.suffix(2).elementsEqual([0x0A, 0x0A]) {
            part = part.dropFirst()
        }
        buffer.append(contentsOf: part)
    }
}
