import Foundation
import JSON
import Testing
import Training

@Suite struct RunReportTests {
    @Test func theThreeFilesSayWhatHappened() throws {
        let run = try TinyRun()
        defer { run.remove() }
        #expect(try run.begin().run(until: StopRequest()) == .finished)
        // Text of a model, which could be anything.
        let hostile = "<script>alert(1)</script> | x\u{202E}\u{7} <!-- ]]>"
        let sample: JSONValue = [
            "event": "sample", "step": 12, "prompt": "春\n眠", "text": .string(hostile), "time": 1.5,
        ]
        let log = try FileHandle(forUpdating: URL(filePath: run.runFolder.logPath))
        try log.seekToEnd()
        try log.write(contentsOf: Data((sample.serialized() + "\n").utf8))
        try log.close()
        var prices = RunReport.Prices()
        prices.watts = 100
        prices.pricePerKilowattHour = 0.5
        let report = try RunReport(run.runFolder, prices: prices)
        let output = "\(run.folder.path)/report"
        try report.write(to: output)

        let html = try String(contentsOfFile: "\(output)/report.html", encoding: .utf8)
        #expect(!html.contains("<script") && !html.contains("\u{202E}") && html.contains("&lt;script&gt;"))
        #expect(html.components(separatedBy: "<svg").count == 6, "loss, bits, rate, norm, speed")
        #expect(html.components(separatedBy: "class=\"curve faint c0\"").count == 4, "loss, norm, speed")
        #expect(html.components(separatedBy: "class=\"curve c0\"").count == 6, "means have the same colour")
        #expect(!html.contains("http"), "nothing from elsewhere")
        let markdown = try String(contentsOfFile: "\(output)/report.md", encoding: .utf8)
        #expect(markdown.contains("| 步 Steps | 12 of 12 |"))
        let json = try JSONValue(parsing: Data(contentsOf: URL(filePath: "\(output)/report.json")))
        #expect(json["step"] == 12 && json["finished"] == true)
        #expect(json["curves"]?["loss"]?.array?.count == 12)
        #expect((json["cost"]?.double ?? -1) >= 0 && json["weights_sha256"]?.string?.count == 64)
        let hash = try #require(json["weights_sha256"]?.string)
        #expect(html.contains(hash) && markdown.contains(hash), "lineage stands in all three")
        #expect(json["samples"]?.array?.last?["text"]?.string == hostile, "for programs it is as it was")
        #expect(json["failures"]?.array?.isEmpty == false, "a tiny model is no oracle")
    }

    @Test func aRunThatIsNoneHasNoReport() {
        #expect(throws: TrainingError.self) { try RunReport(RunFolder(path: "/nonexistent/run")) }
    }
}
