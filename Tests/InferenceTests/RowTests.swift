import Inference
import Testing

@Suite struct RowTests {
    private func withRow<R>(_ values: [Float], _ body: (UnsafeMutableBufferPointer<Float>) -> R) -> R {
        var values = values
        return values.withUnsafeMutableBufferPointer { body($0) }
    }

    @Test(arguments: [1, 15, 16, 17, 31, 32, 33, 100])
    func findsTheFirstLargest(count: Int) {
        for place in 0..<count {
            var values = [Float](repeating: -3, count: count)
            for later in place..<count where later % 3 == place % 3 { values[later] = -1 }
            #expect(withRow(values) { Row.argmax($0) } == place, "\(count) numbers")
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity], [1, 16, 33])
    func seesWhatIsNoNumber(value: Float, count: Int) {
        var values = [Float](repeating: 1e38, count: count)
        #expect(withRow(values) { Row.isFinite($0) })
        for place in 0..<count {
            values[place] = value
            #expect(!withRow(values) { Row.isFinite($0) })
            values[place] = -1e38
        }
    }

    @Test func sumsAndFindsPlaces() {
        var random = RandomSource(seed: 1)
        let values = (0..<10_007).map { _ in Float(random.uniform()) }
        let sum = values.reduce(0.0) { $0 + Double($1) }
        #expect(abs(withRow(values) { Row.sum($0) } - sum) < 1e-6 * sum)
        var running = 0.0
        for (place, value) in values.enumerated() {
            let middle = running + Double(value) / 2
            running += Double(value)
            if place % 97 == 0, value > 0.1 { #expect(withRow(values) { Row.place(ofMass: middle, in: $0) } == place) }
        }
        #expect(withRow(values) { Row.place(ofMass: 1e9, in: $0) } == values.count - 1)
        #expect(withRow([0, 0, 1, 0]) { Row.place(ofMass: 1, in: $0) } == 2)
    }
}
