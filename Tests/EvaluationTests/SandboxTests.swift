#if os(Linux)
    import Evaluation
    import Foundation
    import Testing

    /// Programs that try to get out. Where no sandbox can be made, that is said and nothing is run.
    @Suite(.serialized) struct SandboxTests {
        static let sandbox = try? CodeSandbox()

        @Test(arguments: BreakOutPrograms.all.map(\.name))
        func nothingGetsOut(name: String) throws {
            guard let sandbox = Self.sandbox else { return }
            let program = try #require(BreakOutPrograms.all.first { $0.name == name }).program
            let outcome = try sandbox.run(program)
            #expect(outcome == .passed, "\(name): \(outcome)")
        }

        @Test func timeIsBounded() throws {
            guard Self.sandbox != nil else { return }
            var limits = SandboxLimits()
            (limits.secondsMax, limits.processorSecondsMax) = (4, 1)
            // On a machine so busy that a harmless program takes longer there is nothing to see.
            guard let sandbox = try? CodeSandbox(limits: limits) else { return }
            let began = ContinuousClock.now
            #expect(try sandbox.run("import time\ntime.sleep(100)") == .timedOut)
            #expect(try sandbox.run("while True: pass") != .passed)
            #expect(began.duration(to: .now) < .seconds(30))
        }

        @Test func passingIsNotPretended() throws {
            guard let sandbox = Self.sandbox else { return }
            #expect(try sandbox.run("assert 1 + 1 == 2") == .passed)
            for program in ["assert False, 'wrong'", "raise SystemExit(0)", "import os\nos._exit(0)", "syntax error("] {
                let outcome = try sandbox.run(program)
                guard case .failed = outcome else {
                    Issue.record("\(program): \(outcome)")
                    continue
                }
            }
            // A flood of output neither blocks nor hides the end.
            #expect(try sandbox.run("print('x' * 3_000_000)") == .passed)
        }
    }
#endif
