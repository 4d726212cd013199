import Inference
import Testing

@Suite struct FairShareTests {
    @Test func whoeverWasAwayCollectsNothing() {
        var share = FairShare()
        share.arrive("a", outstanding: 0)
        share.admit("a")
        share.charge("a", seconds: 100)
        share.settle(active: ["a"])
        share.arrive("b", outstanding: 0)
        #expect(share.served("b") == 100 && share.floor == 100)
    }

    @Test func whatIsUnderWayCountsAsHad() {
        var share = FairShare()
        share.charge("b", seconds: 60)
        share.charge("a", seconds: 100)
        share.admit("a")
        share.arrive("b", outstanding: 30)
        // 70 and the 30 that are coming.
        #expect(share.served("b") == 70)
        share.arrive("b", outstanding: 500)
        #expect(share.served("b") == 70)
    }

    @Test func theFloorRisesWithTheLeastServed() {
        var share = FairShare()
        for owner in ["a", "b"] { share.arrive(owner, outstanding: 0) }
        share.charge("a", seconds: 5)
        share.charge("b", seconds: 3)
        share.settle(active: ["a", "b"])
        #expect(share.floor == 3)
        share.settle(active: ["b"])
        // What "a" had beyond that is not forgotten.
        #expect(share.served("a") == 5)
        share.charge("b", seconds: 4)
        share.settle(active: ["b"])
        #expect(share.served("a") == 7)
    }

    @Test func anIdleMachineForgets() {
        var share = FairShare()
        share.charge("a", seconds: 5)
        share.settle(active: [])
        #expect(share == FairShare())
    }
}
