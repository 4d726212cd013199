import Foundation
import Reports

/// Two bars a row: what there was, faint, and over it what is left.
struct BeforeAfterPlot {
    struct Row {
        var name: String
        var before: Int
        var after: Int
        /// What is written behind the bars.
        var note: String
    }

    var title: String
    var rows: [Row]

    private static let width = 640.0
    private static let rowHeight = 24.0
    private static let barHeight = 16.0
    private static let labelWidth = 190.0
    private static let noteWidth = 130.0
    /// Characters of a name that fit; the end of a longer one says more than its beginning.
    private static let nameMax = 22

    /// Empty when there is nothing to draw.
    var svg: String {
        let most = rows.map { max($0.before, $0.after) }.max() ?? 0
        guard most > 0 else { return "" }
        let height = Double(rows.count) * Self.rowHeight + 6
        var parts = [
            "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(height))\" role=\"img\" "
                + "aria-label=\"\(HTMLText.escaped(title))\">"
        ]
        let scale = (Self.width - Self.labelWidth - Self.noteWidth) / Double(most)
        for (place, row) in rows.enumerated() {
            let y = Double(place) * Self.rowHeight + 4
            parts.append(Self.text(Self.labelWidth - 8, y + 13, "end", Self.shortened(row.name)))
            for (amount, style) in [(row.before, "bar lost"), (row.after, "bar")] where amount > 0 {
                parts.append(
                    "<rect class=\"\(style)\" x=\"\(Int(Self.labelWidth))\" y=\"\(Self.number(y))\" width=\""
                        + "\(Self.number(max(1, Double(amount) * scale)))\" height=\"\(Int(Self.barHeight))\"/>")
            }
            let end = Self.labelWidth + Double(max(row.before, row.after)) * scale
            parts.append(Self.text(end + 6, y + 13, "start", row.note))
        }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    private static func shortened(_ name: String) -> String {
        name.count > nameMax ? "…" + name.suffix(nameMax - 1) : name
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func text(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(HTMLText.escaped(text))</text>"
    }
}
