import Foundation
import Reports

/// What is left of the text after each step, as bars.
struct FunnelPlot {
    private let steps: [(name: String, input: Int, output: Int)]
    private static let width = 640.0
    private static let rowHeight = 20.0
    private static let labelWidth = 120.0

    init(_ statistics: WashingStatistics) {
        steps = statistics.steps.map { ($0.name, $0.input.bytes, $0.output.bytes) }
    }

    /// Empty when there is nothing to draw.
    var svg: String {
        let most = steps.map { max($0.input, $0.output) }.max() ?? 0
        guard most > 0 else { return "" }
        let height = Double(steps.count) * Self.rowHeight + 6
        var parts = ["<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(height))\" role=\"img\" aria-label=\"Funnel\">"]
        let scale = (Self.width - Self.labelWidth - 90) / Double(most)
        for (place, step) in steps.enumerated() {
            let y = Double(place) * Self.rowHeight + 4
            parts.append(Self.text(Self.labelWidth - 6, y + 11, "end", step.name))
            for (bytes, style) in [(step.input, "bar lost"), (step.output, "bar")] {
                parts.append(
                    "<rect class=\"\(style)\" x=\"\(Int(Self.labelWidth))\" y=\"\(Self.number(y))\" "
                        + "width=\"\(Self.number(max(0, Double(bytes)) * scale))\" height=\"14\"/>")
            }
            parts.append(
                Self.text(
                    Self.labelWidth + Double(max(step.input, step.output)) * scale + 6, y + 11, "start",
                    WashingReport.size(step.output)))
        }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func text(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(HTMLText.escaped(text))</text>"
    }
}
