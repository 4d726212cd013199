import Inference
import Testing

@Suite struct StepTimesTests {
    @Test func halfIsTheWeightsBeforeMoreIsKnown() {
        var times = StepTimes()
        #expect(times.seconds(answers: 1) == nil)
        for _ in 0..<5 { times.record(answers: 1, seconds: 0.02) }
        #expect(abs((times.seconds(answers: 1) ?? 0) - 0.02) < 1e-12)
        #expect(abs((times.seconds(answers: 8) ?? 0) - 0.09) < 1e-12)
    }

    @Test func learnsTheLine() {
        var times = StepTimes()
        for step in 0..<400 { times.record(answers: 1 + step % 8, seconds: 0.01 + 0.006 * Double(1 + step % 8)) }
        for answers in [1, 4, 16] {
            #expect(abs((times.seconds(answers: answers) ?? 0) - (0.01 + 0.006 * Double(answers))) < 0.001)
        }
        // It stays when only one number of answers is seen.
        for _ in 0..<300 { times.record(answers: 4, seconds: 0.034) }
        #expect(abs((times.seconds(answers: 8) ?? 0) - 0.058) < 0.002)
    }

    @Test func noStepIsFree() {
        var times = StepTimes()
        for step in 0..<100 { times.record(answers: 1 + step % 8, seconds: 0.1 - 0.01 * Double(step % 8)) }
        #expect((times.seconds(answers: 1000) ?? 0) > 0)
    }
}
