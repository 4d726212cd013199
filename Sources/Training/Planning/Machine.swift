/// What computes: one kind of device, and how many of them.
package struct Machine: Sendable, Equatable {
    package var name: String
    /// Operations per second of one device at best, in the precision of training; for a processor measured.
    package var peakFlops: Double
    /// The part of the peak that training reaches.
    package var utilisation: Double
    package var memoryBytes: Double?
    /// Power of one device under load, without the host.
    package var watts: Double?
    package var count: Int
    /// Where the figures are from.
    package var source: String

    package init(
        name: String, peakFlops: Double, utilisation: Double, memoryBytes: Double? = nil, watts: Double? = nil,
        count: Int = 1, source: String
    ) {
        self.name = name
        self.peakFlops = peakFlops
        self.utilisation = utilisation
        self.memoryBytes = memoryBytes
        self.watts = watts
        self.count = count
        self.source = source
    }

    /// Operations per second of all devices in training.
    package var trainingFlops: Double { peakFlops * utilisation * Double(count) }
}
