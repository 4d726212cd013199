import Foundation

/// Curves as inline SVG: no script, no style of its own but classes that the page colours.
package struct LinePlot {
    package struct Point: Equatable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    package struct Curve {
        package var name: String
        package var points: [Point]
        /// Behind the others.
        package var isFaint: Bool

        package init(name: String, points: [Point], isFaint: Bool = false) {
            self.name = name
            self.points = points
            self.isFaint = isFaint
        }
    }

    package var title: String
    package var curves: [Curve]
    package var isLogarithmic: Bool

    package init(title: String, curves: [Curve], isLogarithmic: Bool = false) {
        self.title = title
        self.curves = curves
        self.isLogarithmic = isLogarithmic
    }

    private static let size = (width: 640.0, height: 240.0)
    private static let margin = (left: 64.0, right: 12.0, top: 10.0, bottom: 26.0)
    /// Of a longer curve every so manieth point is drawn.
    private static let pointsMax = 1200

    /// Empty when there is nothing to draw.
    package var svg: String {
        let shown = curves.filter { !$0.points.isEmpty }
        guard let frame = Frame(shown, isLogarithmic) else { return "" }
        let (width, height) = Self.size
        var parts = [
            "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" aria-label=\"\(HTMLText.escaped(title))\">"
        ]
        for tick in isLogarithmic
            ? Self.logarithmicTicks(frame.low, frame.high) : Self.ticks(frame.low, frame.high, 5)
        {
            let y = frame.y(scaled: tick)
            parts.append(
                "<line class=\"grid\" x1=\"\(Self.margin.left)\" x2=\"\(width - Self.margin.right)\" "
                    + "y1=\"\(Self.number(y))\" y2=\"\(Self.number(y))\"/>")
            let label = Self.label(isLogarithmic ? pow(10, tick) : tick)
            parts.append(Self.text(Self.margin.left - 6, y + 4, "end", label))
        }
        for tick in Self.ticks(frame.left, frame.right, 6) {
            parts.append(Self.text(frame.x(tick), height - 8, "middle", Self.label(tick)))
        }
        var colour = 0
        for curve in shown {
            parts.append(
                "<path class=\"curve\(curve.isFaint ? " faint" : "") c\(colour % 6)\" d=\"\(path(curve, frame))\"/>")
            // The curve in front of a faint one has its colour.
            if !curve.isFaint { colour += 1 }
        }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    private func path(_ curve: Curve, _ frame: Frame) -> String {
        let step = max(1, curve.points.count / Self.pointsMax)
        var result = ""
        for (place, point) in curve.points.enumerated()
        where place % step == 0 || place == curve.points.count - 1 {
            guard let y = frame.y(point.y) else { continue }
            result += "\(result.isEmpty ? "M" : "L")\(Self.number(frame.x(point.x))) \(Self.number(y))"
        }
        return result
    }

    /// Where values lie in the picture.
    private struct Frame {
        var left: Double
        var right: Double
        var low: Double
        var high: Double
        let isLogarithmic: Bool

        /// Nil when no curve has a value that can be drawn.
        init?(_ curves: [Curve], _ isLogarithmic: Bool) {
            self.isLogarithmic = isLogarithmic
            let points = curves.flatMap(\.points)
            let values = points.map { isLogarithmic ? log10($0.y) : $0.y }.filter(\.isFinite)
            guard let low = values.min(), let high = values.max(), let left = points.map(\.x).min(),
                let right = points.map(\.x).max()
            else { return nil }
            let pad = high > low ? (high - low) * 0.05 : 0.5
            (self.low, self.high) = (low - pad, high + pad)
            (self.left, self.right) = (left, right > left ? right : left + 1)
        }

        func x(_ value: Double) -> Double {
            let inner = LinePlot.size.width - LinePlot.margin.left - LinePlot.margin.right
            return LinePlot.margin.left + (value - left) / (right - left) * inner
        }

        func y(scaled value: Double) -> Double {
            let inner = LinePlot.size.height - LinePlot.margin.top - LinePlot.margin.bottom
            return LinePlot.margin.top + (high - value) / (high - low) * inner
        }

        func y(_ value: Double) -> Double? {
            let scaled = isLogarithmic ? log10(value) : value
            return scaled.isFinite ? y(scaled: scaled) : nil
        }
    }

    /// Round numbers between two, about so many.
    package static func ticks(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
        let rough = (high - low) / Double(count)
        guard rough > 0, rough.isFinite else { return [] }
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
        var found: [Double] = []
        var tick = (low / step).rounded(.up) * step
        while tick <= high + step * 1e-9, found.count < 100 {
            found.append(abs(tick) < step * 1e-9 ? 0 : tick)
            tick += step
        }
        return found
    }

    /// Logarithms of powers of ten between two, and of twice and five times them where these are few.
    package static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
        let factors = high - low > 4 ? [1.0] : high - low > 1.5 ? [1, 3] : [1, 2, 5]
        let powers = stride(from: floor(low), through: high, by: max(1, ((high - low) / 8).rounded()))
        let found = powers.flatMap { power in factors.map { power + log10($0) } }.filter { $0 >= low && $0 <= high }
        return found.count > 1 ? found : ticks(pow(10, low), pow(10, high), 5).map { log10($0) }
    }

    /// Short and the same everywhere.
    package static func label(_ value: Double) -> String {
        switch abs(value) {
        case 0: "0"
        case 1e9...: String(format: "%.4gB", value / 1e9)
        case 1e6...: String(format: "%.4gM", value / 1e6)
        case 1e4...: String(format: "%.4gk", value / 1e3)
        case ..<1e-4: String(format: "%.1e", value)
        default: String(format: "%.4g", value)
        }
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func text(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(HTMLText.escaped(text))</text>"
    }
}
