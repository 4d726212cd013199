import Foundation
import Testing
import Training

@Suite struct RunLogTests {
    @Test func tornLinesArePassedOver() throws {
        let run = try TinyRun()
        defer { run.remove() }
        let stop = StopRequest()
        _ = try run.begin { if case .step(let step) = $0, step.step == 3 { stop.stop() } }.run(until: stop)
        let log = URL(filePath: run.runFolder.logPath)
        let before = try run.runFolder.log().count
        // A machine that dies in the middle of a line.
        try (Data(contentsOf: log) + Data(#"{"event":"step","st"#.utf8)).write(to: log)
        #expect(try run.runFolder.log().count == before)
        #expect(try run.resume().run(until: StopRequest()) == .finished)
        let lines = try run.runFolder.log()
        #expect(lines.count > before + 9)
        #expect(lines[before]["event"] == "begin")
        #expect(lines.allSatisfy { $0["event"]?.string != nil && $0["time"]?.double != nil })
        #expect(try RunSummary(run.runFolder).step == 12)
    }
}
