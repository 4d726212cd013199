import Testing
import Training

@Suite struct PermutationTests {
    @Test func everyPlaceIsTakenOnce() {
        for count in 1...130 {
            let order = Permutation(count: count, key: 7)
            #expect((0..<count).map { order[$0] }.sorted() == Array(0..<count), "\(count)")
        }
    }

    @Test func keysGiveOrders() {
        let orders = (UInt64(0)..<20).map { key in
            let order = Permutation(count: 100, key: key)
            return (0..<100).map { order[$0] }
        }
        #expect(Set(orders).count == 20)
        // A shuffle leaves one place in a hundred as it was; ten would be no shuffle.
        for order in orders { #expect(order.enumerated().count { $0 == $1 } < 10) }
    }
}
