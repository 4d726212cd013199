/// A file of raw material, or a stretch of one.
package struct RawFile: Sendable, Equatable {
    package var path: String
    /// From the folder that was named; the file's own name where a file was.
    package var name: String
    package var bytes: Int
    /// Nil for standard input, whose first bytes decide.
    package var format: RawFormat?
    /// Of an uncompressed file of lines: those that begin in these bytes are read. A file of any size is so cut into
    /// units of work. A stretch holds the document that begins in it, and what goes on beyond it.
    package var range: Range<Int>?

    package init(path: String, name: String, bytes: Int, format: RawFormat?, range: Range<Int>? = nil) {
        self.path = path
        self.name = name
        self.bytes = bytes
        self.format = format
        self.range = range
    }

    /// Whether the file may be read in stretches: one object a line, and not compressed.
    package var isSplittable: Bool {
        let name = path.lowercased()
        return format == .jsonLines && path != FileBytes.standardInput
            && ![".gz", ".zst", ".gzip", ".zstd"].contains(where: name.hasSuffix)
    }
}
