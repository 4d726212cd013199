import CZlib
import Foundation

/// Cuts as a labelled text does: an averaged perceptron over signs that corrects the dictionary's path.
///
/// Every labelled text has its own idea of a word (is 1998年 one, is 江泽民?), which no dictionary can meet; a few
/// hundred lines of it are enough to move towards it. Collins, "Discriminative training methods for hidden Markov
/// models", 2002; tags B M E S as in Xue, "Chinese word segmentation as character tagging", 2003.
///
/// The file: eight bytes of length and a zlib stream (`CompressedResource`) of `DLST`, version, bits (u8 each), 16
/// steps (i16), then four weights (i16) for each of `1 << bits` rows.
package struct SegmentationTagger: Sendable {
    typealias Scores = SIMD4<Int32>

    /// From tag (row) to tag.
    let steps: [Int32]
    let weights: [SIMD4<Int16>]

    static let magic = Array("DLST\u{1}".utf8)
    private static let name = "the segmentation model"

    init(steps: [Int32], weights: [SIMD4<Int16>]) {
        self.steps = steps
        self.weights = weights
    }

    /// Reads a file that `write` wrote.
    package init(contentsOf url: URL) throws(LanguagesError) {
        guard let file = try? Data(contentsOf: url) else { throw .modelMissing(path: url.path) }
        do { self = try Self(Array(file), name: url.path) } catch {
            guard case .resourceBroken(let name, let field, let reason) = error else { throw error }
            throw .modelBroken(path: name, field: field, reason: reason)
        }
    }

    private init(_ file: [UInt8], name: String) throws(LanguagesError) {
        var reader = ByteReader(try CompressedResource.inflated(file, name: name), name: name)
        guard try reader.take(Self.magic.count).elementsEqual(Self.magic) else {
            throw reader.broken("magic", "not DLST 1")
        }
        let bits = Int(try reader.byte())
        guard bits == TaggerFeatures.bits else { throw reader.broken("bits", "\(bits), not \(TaggerFeatures.bits)") }
        var steps: [Int32] = []
        for _ in 0..<16 { steps.append(Int32(Int16(bitPattern: try reader.short()))) }
        let bytes = Array(try reader.take(8 << bits))
        self.steps = steps
        self.weights = (0..<1 << bits).map { row in
            SIMD4(
                (0..<4).map {
                    Int16(bitPattern: UInt16(bytes[row * 8 + $0 * 2]) | UInt16(bytes[row * 8 + $0 * 2 + 1]) << 8)
                })
        }
    }

    package func write(to url: URL) throws {
        var bytes = Self.magic + [UInt8(TaggerFeatures.bits)]
        for value in steps.map({ Int16(clamping: $0) }) + weights.flatMap({ row in (0..<4).map { row[$0] } }) {
            bytes.append(UInt8(truncatingIfNeeded: value))
            bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        }
        try Data(try CompressedResource.deflated(bytes, name: Self.name)).write(to: url, options: .atomic)
    }

    /// The likeliest tags of a run, into `tags`.
    func tag(_ features: TaggerFeatures, count: Int, before: inout [UInt8], into tags: inout [UInt8]) {
        tags.removeAll(keepingCapacity: true)
        guard count > 0 else { return }
        if before.count < count * 4 { before = [UInt8](repeating: 0, count: count * 8) }
        weights.withUnsafeBufferPointer { weights in
            TaggerPath.find(
                count: count, steps: steps, before: &before, into: &tags
            ) { place in
                var scores = Scores.zero
                features.forEachRow(place) { scores &+= Scores(truncatingIfNeeded: weights[$0]) }
                return scores
            }
        }
    }
}
