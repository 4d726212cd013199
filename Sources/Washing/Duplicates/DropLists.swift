import Foundation
import Sorting

/// Files that say which texts of each unit are dropped, and for which other text.
///
///     let drops = DropLists(folder: "drops", name: "near", units: 0..<12)
///     var list = try drops.cursor(unit: 7)
///     if let kept = try list.kept(for: index) { … }        // ask for ascending indices
package struct DropLists: Sendable {
    static let kind = RunFile.Kind("DR")
    let folder: String
    let name: String
    let units: Range<Int>

    /// - Parameters:
    ///   - folder: exists.
    ///   - name: of this step: the file of unit 7 is `7.NAME.drops`.
    ///   - units: every one of them gets a file, if an empty one.
    package init(folder: String, name: String, units: Range<Int>) {
        self.folder = folder
        self.name = name
        self.units = units
    }

    package func path(unit: Int) -> String { "\(folder)/\(unit).\(name).drops" }

    /// Writes sorted records: the key of what is dropped, the key of what is kept for it.
    func write(_ records: RecordSorter) throws(SortingError) {
        var writer: (unit: Int, file: RunWriter)?
        var next = units.lowerBound
        func advance(to unit: Int) throws(SortingError) {
            try writer?.file.finish()
            writer = nil
            while next < unit {
                try RunWriter(path: path(unit: next), kind: Self.kind).finish()
                next += 1
            }
        }
        try records.forEach { (record) throws(SortingError) in
            let unit = Int(DocumentKey(packed: record.key).unit)
            guard units.contains(unit) else {
                throw .damaged(
                    path: folder, field: "unit", expected: "\(units.lowerBound) to \(units.upperBound - 1)",
                    actual: "\(unit)")
            }
            if writer?.unit != unit {
                try advance(to: unit)
                writer = (unit, try RunWriter(path: path(unit: unit), kind: Self.kind))
                next = unit + 1
            }
            try writer?.file.append(record)
        }
        try advance(to: units.upperBound)
    }

    package func cursor(unit: Int) throws(SortingError) -> DropCursor { try DropCursor(path: path(unit: unit)) }
}

/// Reads a list along with the texts of its unit.
package struct DropCursor {
    private let reader: RunReader

    init(path: String) throws(SortingError) { reader = try RunReader(path: path, kind: DropLists.kind) }

    /// Texts that are dropped.
    package var count: Int { reader.count }

    /// The next text that is dropped and what is kept for it; not to be mixed with `kept`.
    package mutating func next() throws(SortingError) -> (dropped: DocumentKey, kept: DocumentKey)? {
        guard let record = reader.current else { return nil }
        try reader.advance()
        return (DocumentKey(packed: record.key), DocumentKey(packed: record.value))
    }

    /// The text that is kept instead of this one; nil when this one stays. Indices that are asked for ascend.
    package mutating func kept(for index: Int) throws(SortingError) -> DocumentKey? {
        while let record = reader.current {
            let dropped = Int(DocumentKey(packed: record.key).index)
            if dropped == index { return DocumentKey(packed: record.value) }
            if dropped > index { return nil }
            try reader.advance()
        }
        return nil
    }
}
