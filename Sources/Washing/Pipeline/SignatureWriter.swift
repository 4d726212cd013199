import Foundation

/// What a unit writes for the merges: hashes of documents and of lines, and signatures.
final class SignatureWriter {
    private let exact: ExactDuplicateWriter?
    private let near: NearDuplicateWriter?
    private let lineHashes: ExactDuplicateWriter?
    private let hasher: MinHasher?
    private let steps: RecipeSteps
    /// Lines so far that are long enough to be compared.
    private(set) var lines = 0

    private static let sortBytesMax = 16 << 20

    init(_ steps: RecipeSteps, folder: String, unit: Int) throws {
        self.steps = steps
        let scratch = folder + "/scratch"
        try WashingFiles.makeFolder(scratch)
        exact = steps.exact.map { _ in
            ExactDuplicateWriter(
                path: folder + "/exact", unit: unit, scratch: scratch, memoryBytesMax: Self.sortBytesMax)
        }
        lineHashes = steps.lines.map { _ in
            ExactDuplicateWriter(
                path: folder + "/lines", unit: unit, scratch: scratch, memoryBytesMax: Self.sortBytesMax)
        }
        near = try steps.near.map {
            try NearDuplicateWriter(
                path: folder + "/near", unit: unit, settings: $0, scratch: scratch, memoryBytesMax: Self.sortBytesMax)
        }
        hasher = steps.near.map { MinHasher($0) }
    }

    /// Notes a text that is kept; its hash, by which duplicates are the same.
    func add(_ text: [UInt8], index: Int) throws -> UInt64 {
        try text.withUnsafeBufferPointer { bytes in
            let hash =
                steps.exact?.comparesWords == false
                ? DuplicateHash.exact(bytes) : DuplicateHash.words(bytes) ?? DuplicateHash.exact(bytes)
            try exact?.add(hash: hash, index: index)
            if let hasher, hasher.sign(bytes) { try near?.add(hasher, index: index) }
            if let settings = steps.lines {
                try Self.forEachLine(text, settings) { _, hash in
                    try lineHashes?.add(hash: hash, index: lines)
                    lines += 1
                }
            }
            return hash
        }
    }

    /// Lines that are compared, in order: those long enough.
    static func forEachLine(
        _ text: [UInt8], _ settings: RecipeSteps.Lines, _ body: (Range<Int>, UInt64) throws -> Void
    ) rethrows {
        try text.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
                let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
                // Scalars, which are bytes that do not go on with one.
                let scalars = line.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
                if scalars >= settings.charactersMin, let hash = DuplicateHash.line(line) {
                    try body(start..<end, hash)
                }
                start = end + 1
            }
        }
    }

    func close() throws {
        try exact?.finish()
        try near?.finish()
        try lineHashes?.finish()
    }
}
