/// Which columns of a table are what.
struct TableColumns {
    /// Whether the first row names the columns.
    let hasHead: Bool
    /// Columns that together are the text, in order.
    private var textColumns: [Int] = []
    private var known: [(column: Int, name: String)] = []
    /// A longer cell in the first row is no name.
    private static let nameBytesMax = 64

    /// - Parameters:
    ///   - rows: the first ones.
    ///   - chosen: the name of the text's column.
    init(_ rows: [[[UInt8]]], _ chosen: String?) {
        let head = (rows.first ?? []).map { String(decoding: $0, as: UTF8.self).trimmed.lowercased() }
        let names = head.map { $0.hasPrefix("\u{FEFF}") ? String($0.dropFirst()) : $0 }
        let usual = chosen.map { [$0.lowercased()] } ?? JSONRecord.textNames
        if let name = usual.first(where: names.contains), let column = names.firstIndex(of: name) {
            hasHead = true
            textColumns = [column]
        } else if chosen == nil, names.filter(JSONRecord.exchangeNames.contains).count > 1 {
            hasHead = true
            textColumns = JSONRecord.exchangeNames.compactMap { names.firstIndex(of: $0) }
        } else if chosen == nil {
            let column = Self.longest(rows)
            textColumns = column.map { [$0] } ?? []
            // A head names; text goes on for longer.
            let isName = column.map { $0 < names.count && names[$0].utf8.count <= Self.nameBytesMax } ?? false
            hasHead = rows.count > 1 && isName && names.contains { JSONRecord.metadataNames[$0] != nil }
        } else {
            hasHead = false
        }
        if hasHead {
            for (column, name) in names.enumerated() {
                if let known = JSONRecord.metadataNames[name], !textColumns.contains(column) {
                    self.known.append((column, known))
                }
            }
        }
    }

    private static func longest(_ rows: [[[UInt8]]]) -> Int? {
        var bytes: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == bytes.count { bytes.append(0) }
                bytes[column] += cell.count
            }
        }
        return bytes.max().flatMap { bytes.firstIndex(of: $0) }
    }

    /// Nil where the row has no such column.
    func text(_ cells: [[UInt8]]) -> [UInt8]? {
        let parts = textColumns.filter { $0 < cells.count }.map { cells[$0] }
        return parts.isEmpty ? nil : Array(parts.filter { !$0.isEmpty }.joined(separator: [0x0A, 0x0A]))
    }

    func metadata(_ cells: [[UInt8]], _ limits: CorpusLimits) -> [String: String] {
        var metadata: [String: String] = [:]
        for (column, name) in known where column < cells.count && cells[column].count <= limits.metadataBytesMax {
            if !cells[column].isEmpty { metadata[name] = String(decoding: cells[column], as: UTF8.self) }
        }
        return metadata
    }
}
