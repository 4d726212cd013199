import Foundation

/// Numbers for people.
enum Text {
    /// Four digits that count.
    static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
