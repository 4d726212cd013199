/// A table that holds data, not the layout of a page.
struct DataTable {
    /// `| a | b |`, the second line rules the first off.
    let lines: [[UInt8]]

    private static let rowsMin = 2
    private static let cellWordsMax: Float = 80

    /// Nil where the table is there for the layout: one within it, fewer than two rows or columns, cells of whole
    /// texts.
    init?(_ tree: PageTree, _ table: Int, _ isKept: [Bool]) {
        var rows: [[[UInt8]]] = []
        var index = table + 1
        let end = Int(tree.nodes[table].end)
        while index < end {
            let node = tree.nodes[index]
            guard isKept[index] || node.tag.isCell else {
                index = Int(node.end)
                continue
            }
            switch node.tag {
            case .table, .preformatted: return nil
            case .row: rows.append([])
            case .cell, .headerCell:
                guard !rows.isEmpty, let text = Self.text(tree, index, isKept) else { return nil }
                rows[rows.count - 1].append(text)
                index = Int(node.end)
                continue
            case .text:
                // A caption, or text that a broken table has lost.
                rows.append([Self.line(tree.text[node.text])])
                rows.append([])
            default: break
            }
            index += 1
        }
        rows.removeAll { row in row.allSatisfy(\.isEmpty) }
        let columns = rows.map(\.count).max() ?? 0
        guard rows.count >= Self.rowsMin, columns >= 2, rows.filter({ $0.count >= 2 }).count * 2 > rows.count else {
            return nil
        }
        var lines = rows.map { row in
            row.count == 1 && columns > 1
                ? row[0] : Array("| ".utf8) + Array(row.joined(separator: Array(" | ".utf8))) + Array(" |".utf8)
        }
        if let first = rows.firstIndex(where: { $0.count > 1 }) {
            lines.insert(
                Array("|".utf8) + Array(repeatElement(Array(" --- |".utf8), count: rows[first].count).joined()),
                at: first + 1)
        }
        self.lines = lines
    }

    /// A cell on one line; nil for one that holds a whole text.
    private static func text(_ tree: PageTree, _ cell: Int, _ isKept: [Bool]) -> [UInt8]? {
        var parts: [[UInt8]] = []
        var words: Float = 0
        for index in cell..<Int(tree.nodes[cell].end) where isKept[index] {
            switch tree.nodes[index].tag {
            case .table, .preformatted: return nil
            case .text:
                words += tree.nodes[index].measure.words
                parts.append(line(tree.text[tree.nodes[index].text]))
            default: break
            }
        }
        return words <= cellWordsMax ? Array(parts.joined(separator: [0x20])) : nil
    }

    private static func line(_ text: ArraySlice<UInt8>) -> [UInt8] { text.map { $0 == 0x0A ? 0x20 : $0 } }
}
