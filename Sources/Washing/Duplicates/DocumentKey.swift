/// A document of a corpus: of a unit of work (an input file or part of one), the one with this number.
///
/// Order is that of the corpus; of documents that are alike the lowest is kept, whoever came first in time.
package struct DocumentKey: Hashable, Comparable, Sendable {
    package var unit: Int32
    /// Ascends within the unit; of lines or paragraphs, where those are compared, their number in the unit.
    package var index: Int32

    /// - Precondition: neither is negative.
    package init(unit: Int, index: Int) {
        precondition(unit >= 0 && index >= 0, "units and documents are counted from 0")
        self.unit = Int32(unit)
        self.index = Int32(index)
    }

    package static func < (a: DocumentKey, b: DocumentKey) -> Bool { a.packed < b.packed }

    var packed: UInt64 { UInt64(UInt32(bitPattern: unit)) << 32 | UInt64(UInt32(bitPattern: index)) }

    init(packed: UInt64) {
        unit = Int32(bitPattern: UInt32(packed >> 32))
        index = Int32(bitPattern: UInt32(truncatingIfNeeded: packed))
    }
}
