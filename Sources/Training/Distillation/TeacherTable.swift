import Foundation
import Kernels
import Weights

/// What a teacher says of each token that examples mark: its likeliest tokens and their probabilities, computed once
/// and kept in the run's folder.
///
///     teacher-<key>/part-00000.bin    of 64 documents: a record for each token that is learnt, in order
///                   …
///                   manifest.json     Manifest: written last
///
///     record  ┌──────────────┬──────────────────┐
///             │ count x u32  │ count x f32      │   little-endian: ids, likeliest first; their probabilities
///             └──────────────┴──────────────────┘
///
/// Parts are whole or not there: a run that was killed computes the missing ones.
struct TeacherTable: Sendable {
    struct Manifest: Codable, Equatable {
        var format = TeacherTable.currentFormat
        var key: String
        /// Tokens of a record.
        var count: Int
        var records: Int
        var parts: [FileSum]
    }

    let count: Int
    /// The first record of each document, and one more.
    private let firsts: [Int]
    private let parts: [ByteView]

    static let currentFormat = "danlu-teacher-1"
    static let documentsOfPart = 64
    private static let manifestName = "manifest.json"

    static func folder(_ run: RunFolder, key: String) -> String {
        "\(run.path)/teacher-\(Files.sha256(Array(key.utf8)).prefix(16))"
    }

    static func partName(_ part: Int) -> String { "part-" + String(format: "%05d", part) + ".bin" }

    static func recordBytes(_ count: Int) -> Int { count * 8 }

    /// A table that is whole; nil when there is none yet.
    ///
    /// - Throws: `TrainingError.damaged` when it is not what was written.
    init?(folder: String, key: String, count: Int, shard: TokenShard) throws(TrainingError) {
        let path = "\(folder)/\(Self.manifestName)"
        guard Files.exists(path) else { return nil }
        let manifest = try Files.read(Manifest.self, from: path)
        let firsts = Self.firsts(shard)
        let parts = (shard.documentCount + Self.documentsOfPart - 1) / Self.documentsOfPart
        guard manifest.format == Self.currentFormat, manifest.key == key, manifest.count == count,
            manifest.records == firsts[shard.documentCount], manifest.parts.count == parts
        else {
            throw .damaged(
                file: path,
                expected: "\(count) tokens for each of \(firsts[shard.documentCount]); remove the folder, "
                    + "and they are computed again", actual: "\(manifest.count) for each of \(manifest.records)")
        }
        var views: [ByteView] = []
        for (part, expected) in manifest.parts.enumerated() {
            let file = "\(folder)/\(Self.partName(part))"
            let records = Self.records(ofPart: part, firsts)
            guard try Files.sum(file) == expected, expected.bytes == records.count * Self.recordBytes(count) else {
                throw .damaged(
                    file: file, expected: "SHA-256 \(expected.sha256); remove the folder, and it is computed again",
                    actual: "other bytes")
            }
            do { views.append(try MappedFile(path: file).bytes) } catch { throw .kernels(error) }
        }
        self.count = count
        self.firsts = firsts
        self.parts = views
    }

    /// Says that all parts are there.
    static func finish(_ folder: String, key: String, count: Int, shard: TokenShard) throws(TrainingError) {
        let parts = (shard.documentCount + documentsOfPart - 1) / documentsOfPart
        var sums: [FileSum] = []
        for part in 0..<parts { sums.append(try Files.sum("\(folder)/\(partName(part))")) }
        let records = firsts(shard)[shard.documentCount]
        try Files.replace(
            "\(folder)/\(manifestName)",
            withJSON: Manifest(key: key, count: count, records: records, parts: sums))
    }

    /// The first record of each document, and of one more.
    private static func firsts(_ shard: TokenShard) -> [Int] {
        var firsts = [0]
        for index in 0..<shard.documentCount { firsts.append(firsts[index] + learnt(of: index, shard).count) }
        return firsts
    }

    private static func records(ofPart part: Int, _ firsts: [Int]) -> Range<Int> {
        firsts[part * documentsOfPart]..<firsts[min(firsts.count - 1, (part + 1) * documentsOfPart)]
    }

    /// Places in a document of tokens that are learnt.
    static func learnt(of document: Int, _ shard: TokenShard) -> [Int] {
        let facts = shard.document(document)
        guard facts.tokens > 1 else { return [] }
        return (1..<facts.tokens).filter { shard.isLearnt(at: facts.offset + $0) }
    }

    /// Adds the records of a document's learnt tokens at places `range` to `ids` and `probabilities`.
    func add(
        _ document: Int, _ range: Range<Int>, of shard: TokenShard, to ids: inout [Int32],
        _ probabilities: inout [Float]
    ) {
        let part = document / Self.documentsOfPart
        let base = firsts[part * Self.documentsOfPart]
        for (number, place) in Self.learnt(of: document, shard).enumerated() where range.contains(place) {
            let start = (firsts[document] + number - base) * Self.recordBytes(count)
            for index in 0..<count {
                ids.append(Int32(bitPattern: parts[part].load(at: start + index * 4, as: UInt32.self)))
                let bits = parts[part].load(at: start + (count + index) * 4, as: UInt32.self)
                probabilities.append(Float(bitPattern: bits))
            }
        }
    }
}
