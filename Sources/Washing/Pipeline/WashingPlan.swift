import Corpus
import Crypto
import Foundation

/// How a corpus is cut into units of work, which depends on the files and on nothing else: not on threads, kills or
/// ranks.
struct WashingPlan: Codable, Equatable, Sendable {
    struct Piece: Codable, Equatable, Sendable {
        var path: String
        var name: String
        var bytes: Int
        /// Of a file of lines that is cut.
        var start: Int?
        var end: Int?
        /// When the file was changed last, in seconds; another time means other text.
        var changed: Int
    }

    struct Unit: Codable, Equatable, Sendable {
        var pieces: [Piece]
        var bytes: Int { pieces.reduce(0) { $0 + ($1.end ?? $1.bytes) - ($1.start ?? 0) } }
    }

    var format = "danlu-washing-1"
    /// SHA-256 of the recipe's text.
    var recipe: String
    var units: [Unit]

    /// Compressed text counts for so many times its bytes.
    private static let expansion = 4

    init(files: [RawFile], recipe: Recipe, limits: WashingLimits) {
        self.recipe = Hexadecimal.text(SHA256.hash(data: Array(recipe.text.utf8)))
        units = []
        let total = files.reduce(0) { $0 + $1.bytes }
        let size = min(limits.unitBytesMax, max(limits.unitBytesMin, total / max(1, limits.unitsWanted)))
        var open = Unit(pieces: [])
        var openBytes = 0
        func close() {
            if !open.pieces.isEmpty { units.append(open) }
            (open, openBytes) = (Unit(pieces: []), 0)
        }
        for file in files {
            let changed = Self.changed(file.path)
            if file.isSplittable, file.bytes > size {
                close()
                let count = (file.bytes + size - 1) / size
                for part in 0..<count {
                    let piece = Piece(
                        path: file.path, name: file.name, bytes: file.bytes, start: file.bytes / count * part,
                        end: part == count - 1 ? file.bytes : file.bytes / count * (part + 1), changed: changed)
                    units.append(Unit(pieces: [piece]))
                }
                continue
            }
            let weight = file.bytes.multipliedReportingOverflow(by: Self.isCompressed(file) ? Self.expansion : 1)
            let own = weight.overflow ? Int.max / 2 : weight.partialValue
            if openBytes > 0, own > size - openBytes { close() }
            open.pieces.append(Piece(path: file.path, name: file.name, bytes: file.bytes, changed: changed))
            openBytes += own
        }
        close()
    }

    /// What tells this plan from another of the same folder; nil when it is the same.
    func difference(from other: WashingPlan) -> String? {
        if other.format != format { return "its format is \(other.format)" }
        if other.recipe != recipe { return "its recipe is another" }
        return other.units == units ? nil : "its text is another"
    }

    private static func isCompressed(_ file: RawFile) -> Bool {
        let name = file.path.lowercased()
        return [".gz", ".zst", ".gzip", ".zstd"].contains { name.hasSuffix($0) }
    }

    private static func changed(_ path: String) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        #if canImport(Darwin)
            return Int(status.st_mtimespec.tv_sec)
        #else
            return Int(status.st_mtim.tv_sec)
        #endif
    }
}

extension WashingPlan.Piece {
    var file: RawFile {
        RawFile(
            path: path, name: name, bytes: bytes, format: RawFormat(name: name),
            range: start.flatMap { start in end.map { start..<$0 } })
    }
}
