import Foundation
import Testing
import Training

@Suite struct GuardsTests {
    private func warm(_ settings: GuardSettings = GuardSettings()) -> Guards {
        var guards = Guards(settings: settings)
        for step in 0..<40 {
            #expect(guards.judge(loss: 3 + 0.1 * sin(Double(step)), gradientNorm: 1, targets: 10) == .train)
        }
        return guards
    }

    @Test func stepsWithoutATargetAreSkippedAndNothingElse() {
        var guards = warm()
        for _ in 0..<10 { #expect(guards.judge(loss: .nan, gradientNorm: 0, targets: 0) == .skip(.noTarget)) }
        #expect(guards.skippedSteps == 10 && guards.skipsInARow == 0)
        #expect(guards.judge(loss: 3, gradientNorm: 1, targets: 1) == .train)
    }

    @Test func whatIsNotFiniteIsSkipped() {
        for (loss, norm) in [(Double.nan, 1.0), (.infinity, 1), (3, .nan), (3, .infinity)] {
            var guards = Guards()
            guard case .skip(.notFinite) = guards.judge(loss: loss, gradientNorm: norm, targets: 1) else {
                Issue.record("\(loss) \(norm)")
                continue
            }
        }
    }

    @Test func outliersAreSkippedOnceEnoughIsKnown() {
        var early = Guards()
        #expect(early.judge(loss: 3, gradientNorm: 1, targets: 1) == .train)
        #expect(early.judge(loss: 300, gradientNorm: 1, targets: 1) == .train)
        var guards = warm()
        #expect(guards.judge(loss: 3.3, gradientNorm: 1, targets: 1) == .train)
        guard case .skip(.outlier("loss", 9, _)) = guards.judge(loss: 9, gradientNorm: 1, targets: 1) else {
            Issue.record("an outlying loss was trained")
            return
        }
        // Lower is not worse, and a flat curve has room to move.
        #expect(guards.judge(loss: 0.1, gradientNorm: 1.05, targets: 1) == .train)
        guard case .skip = guards.judge(loss: 3, gradientNorm: 50, targets: 1) else {
            Issue.record("an outlying gradient was trained")
            return
        }
        var off = GuardSettings()
        off.deviationsMax = 0
        var trusting = warm(off)
        #expect(trusting.judge(loss: 9, gradientNorm: 1, targets: 1) == .train)
    }

    @Test func skipsInARowRollBackAndThenGiveUp() {
        var guards = warm()
        for round in 0...guards.settings.rollbacksMax {
            for _ in 1..<guards.settings.skipsMax {
                guard case .skip = guards.judge(loss: .nan, gradientNorm: 1, targets: 1) else {
                    Issue.record("round \(round)")
                    return
                }
            }
            let verdict = guards.judge(loss: .nan, gradientNorm: 1, targets: 1)
            if round < guards.settings.rollbacksMax {
                guard case .rollBack = verdict else {
                    Issue.record("round \(round): \(verdict)")
                    return
                }
                guards.rolledBack()
            } else {
                guard case .giveUp = verdict else {
                    Issue.record("round \(round): \(verdict)")
                    return
                }
            }
        }
        #expect(guards.rollbacks == 3 && guards.skippedSteps == 12)
    }

    @Test func aTrainedStepEndsARow() {
        var guards = Guards()
        for _ in 0..<20 {
            _ = guards.judge(loss: .nan, gradientNorm: 1, targets: 1)
            _ = guards.judge(loss: .nan, gradientNorm: 1, targets: 1)
            #expect(guards.judge(loss: 3, gradientNorm: 1, targets: 1) == .train)
        }
    }

    @Test func resumesFromWhatIsWritten() throws {
        var guards = warm()
        _ = guards.judge(loss: .nan, gradientNorm: 1, targets: 1)
        #expect(try JSONDecoder().decode(Guards.self, from: JSONEncoder().encode(guards)) == guards)
    }
}
