import Inference
import Testing

@Suite struct AcceptanceTests {
    @Test func ratesFollowWhatIsSeen() {
        var rates = AcceptanceRates()
        let prior = rates.rate(.lookup(matchedTokens: 2))
        #expect(rates.rate(.lookup(matchedTokens: 40)) > prior && prior > 0)
        var random = RandomSource(seed: 4)
        for _ in 0..<3000 {
            rates.record(.lookup(matchedTokens: 2), isAccepted: random.uniform() < 0.7)
            rates.record(.draft(probability: 0.6), isAccepted: random.uniform() < 0.1)
        }
        #expect(abs(rates.rate(.lookup(matchedTokens: 2)) - 0.7) < 0.1)
        #expect(abs(rates.rate(.draft(probability: 0.6)) - 0.1) < 0.1)
        #expect(abs(rates.rate(of: .draft) - 0.1) < 0.2)
        // Others are as they were.
        #expect(rates.rate(.lookup(matchedTokens: 3)) == AcceptanceRates().rate(.lookup(matchedTokens: 3)))
        for _ in 0..<600 { rates.record(.lookup(matchedTokens: 2), isAccepted: false) }
        #expect(rates.rate(.lookup(matchedTokens: 2)) < 0.25)
    }

    @Test func whatIsNotCheckedLowersWhatIsExpected() {
        var rates = AcceptanceRates()
        for _ in 0..<200 { rates.recordUnchecked(.draft(probability: 0.1)) }
        #expect(abs(rates.rate(of: .draft) - rates.rate(.draft(probability: 0.1))) < 0.05)
        #expect(rates.rate(.draft(probability: 0.1)) == AcceptanceRates().rate(.draft(probability: 0.1)))
    }

    @Test(arguments: [0.05, 0.5, 0.95])
    func aRequestIsItself(truth: Double) {
        var rates = AcceptanceRates()
        var random = RandomSource(seed: 9)
        // What others did.
        for _ in 0..<400 { rates.record(.lookup(matchedTokens: 5), isAccepted: random.uniform() < 0.5) }
        var request = RequestAcceptance()
        #expect(abs(request.rate(.lookup(matchedTokens: 5), rates) - rates.rate(.lookup(matchedTokens: 5))) < 1e-9)
        let others = rates
        for _ in 0..<40 {
            var copy = others
            request.record(.lookup(matchedTokens: 5), isAccepted: random.uniform() < truth, in: &copy)
        }
        #expect(abs(request.rate(.lookup(matchedTokens: 5), others) - truth) < 0.2)
        #expect(request.rate(of: .draft, others) == RequestAcceptance().rate(of: .draft, others))
    }
}
