/// Numbers as people write them: "10B", "0.8M", "6T", "3e9", "8k".
package enum Quantity {
    private static let factors: [Character: Double] = ["k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9, "t": 1e12]

    /// Nil for what is no positive, finite number.
    package static func parse(_ text: String) -> Double? {
        var number = text.lowercased().filter { $0 != "_" && $0 != "," }
        var factor = 1.0
        if let last = number.last, let known = factors[last] {
            factor = known
            number.removeLast()
        }
        guard let value = Double(number), value.isFinite, value > 0, value * factor < 1e18 else { return nil }
        return value * factor
    }

    /// Three digits and a letter.
    package static func text(_ value: Double) -> String {
        for (unit, size) in [("T", 1e12), ("B", 1e9), ("M", 1e6), ("k", 1e3)] where value >= size * 0.9995 {
            return "\(rounded(value / size))\(unit)"
        }
        return rounded(value)
    }

    /// Seconds with the unit in which they are short: "14 s", "2.5 h".
    package static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: "\(rounded(seconds)) s"
        case ..<5400: "\(rounded(seconds / 60)) min"
        case ..<172_800: "\(rounded(seconds / 3600)) h"
        default: "\(rounded(seconds / 86_400)) d"
        }
    }

    private static func rounded(_ value: Double) -> String {
        let digits = value < 9.995 ? 100.0 : value < 99.95 ? 10.0 : 1.0
        let number = (value * digits).rounded() / digits
        return number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
}
