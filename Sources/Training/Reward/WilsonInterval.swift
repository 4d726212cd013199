/// Two bounds between which a share lies with 95 % confidence (Wilson, 1927): sound also for few items, and for none or
/// all right.
///
///     (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)
package struct WilsonInterval: Equatable, Sendable {
    package let low: Double
    package let high: Double

    /// The normal distribution's bound of 97.5 %.
    private static let deviations = 1.959_963_984_540_054

    package init(_ right: Int, of items: Int) {
        guard items > 0 else {
            (low, high) = (0, 1)
            return
        }
        let (n, z) = (Double(items), Self.deviations)
        let share = Double(right) / n
        let middle = share + z * z / (2 * n)
        let width = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        low = right == 0 ? 0 : max(0, (middle - width) / scale)
        high = right == items ? 1 : min(1, (middle + width) / scale)
    }
}
