import Foundation
import Reports

/// Scores with their intervals as inline SVG, a row each: no script, no style of its own but classes that the page
/// colours. A short line marks chance; a faint row is the evaluation before.
struct IntervalPlot {
    struct Row {
        var name: String
        var score: Score
        var before: Score?
    }

    var title: String
    var rows: [Row]

    private static let width = 640.0
    private static let rowHeight = 26.0
    private static let left = 150.0
    private static let right = 60.0

    /// Empty when there is nothing to draw.
    var svg: String {
        guard !rows.isEmpty else { return "" }
        // Shares lie between none and all; other scores make their own scale.
        let top = max(1, rows.flatMap { [$0.score.high, $0.before?.high ?? 0] }.max() ?? 1)
        let height = Self.rowHeight * Double(rows.count) + 24
        var parts = [
            "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(height))\" role=\"img\" "
                + "aria-label=\"\(HTMLText.escaped(title))\">"
        ]
        for tick in stride(from: 0, through: 4, by: 1).map({ Double($0) / 4 * top }) {
            let x = Self.x(tick, top)
            parts.append("<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"4\" y2=\"\(Int(height) - 20)\"/>")
            parts.append(Self.text(x, height - 6, "middle", Self.number(tick)))
        }
        for (place, row) in rows.enumerated() {
            let y = Self.rowHeight * (Double(place) + 0.5) + 4
            parts.append(Self.text(Self.left - 8, y + 4, "end", row.name))
            if let before = row.before { parts += Self.bar(before, y - 5, top, "curve faint c1") }
            parts += Self.bar(row.score, y + (row.before == nil ? 0 : 4), top, "curve c0")
            if let chance = row.score.chance {
                let x = Self.x(chance, top)
                parts.append("<line class=\"curve c4\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(y - 9)\" y2=\"\(y + 9)\"/>")
            }
            parts.append(Self.text(Self.width - 4, y + 4, "end", Self.number(row.score.value)))
        }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    private static func bar(_ score: Score, _ y: Double, _ top: Double, _ style: String) -> [String] {
        let (low, middle, high) = (x(score.low, top), x(score.value, top), x(score.high, top))
        return [
            "<line class=\"\(style)\" x1=\"\(low)\" x2=\"\(high)\" y1=\"\(y)\" y2=\"\(y)\"/>",
            "<circle class=\"\(style)\" cx=\"\(middle)\" cy=\"\(y)\" r=\"3\"/>",
        ]
    }

    private static func x(_ value: Double, _ top: Double) -> Double {
        ((left + value / top * (width - left - right)) * 10).rounded() / 10
    }

    private static func number(_ value: Double) -> String { String(format: "%.3g", value) }

    private static func text(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> String {
        "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(HTMLText.escaped(text))</text>"
    }
}
