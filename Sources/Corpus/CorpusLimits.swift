/// Bounds on what is read at once.
package struct CorpusLimits: Sendable {
    /// Bytes of one line of JSON.
    package var lineBytesMax = 64 << 20
    /// A longer line of a plain text is cut, and its parts are documents.
    package var plainLineBytesMax = 1 << 20
    /// A plain text longer than this is cut at the next empty line; each part is a document.
    package var partBytes = 64 << 10
    /// A part that finds no empty line is cut at any line end from here on.
    package var partBytesMax = 128 << 10
    /// Files of one folder.
    package var filesMax = 1 << 20
    /// Broken lines of one source that are passed over and counted before one is an error.
    package var brokenLinesMax = 0
    /// Nesting within a line of JSON.
    package var jsonDepthMax = 32
    /// Bytes of one page, one record of an archive, one file that is read as a whole.
    package var documentBytesMax = 32 << 20
    /// Bytes of a book that comes through a pipe.
    package var spooledBytesMax = 1 << 30
    /// Faults of one raw file that are kept in words; all are counted.
    package var faultsMax = 100
    /// Bytes that compressed data may unfold to whatever its size.
    package var expandedBytesFree = 64 << 20
    /// Beyond those: how many times its size. Text shrinks to a third or a tenth, a log perhaps to a fiftieth.
    package var expansionMax = 400
    /// Bytes of one member of an object that is kept as metadata; longer ones are left out.
    package var metadataBytesMax = 4 << 10
    /// Whether `DocumentReader` keeps the members of a line of JSON beside its text; training has no use for them.
    package var keepsMetadata = false

    package init() {}
}
