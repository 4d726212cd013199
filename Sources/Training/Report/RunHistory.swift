import JSON
import Reports

/// A run's log as curves: of a step that was trained twice the last line counts.
struct RunHistory {
    private(set) var steps: [JSONObject] = []
    private(set) var validations: [JSONObject] = []
    private(set) var samples: [JSONObject] = []
    /// Skips, roll-backs, failed saves, damaged checkpoints, extensions, notices.
    private(set) var events: [JSONObject] = []
    private(set) var begun: JSONObject?
    private(set) var isFinished = false
    /// Unix times of the first line and the last.
    private(set) var times: (first: Double, last: Double)?

    init(_ lines: [JSONObject]) {
        for line in lines { add(line) }
    }

    private mutating func add(_ line: JSONObject) {
        if let time = line["time"]?.double { times = (times?.first ?? time, time) }
        switch line["event"]?.string {
        case "step": Self.replace(&steps, line)
        case "validation": Self.replace(&validations, line)
        case "sample": samples.append(line)
        case "begin":
            begun = line
            isFinished = false
        case "end": isFinished = line["finished"]?.bool ?? false
        case "skip", "rollback", "save_failed", "rejected", "extend", "notice": events.append(line)
        default: break
        }
    }

    private static func replace(_ list: inout [JSONObject], _ line: JSONObject) {
        let step = line["step"]?.int ?? 0
        while let last = list.last?["step"]?.int, last >= step { list.removeLast() }
        list.append(line)
    }

    func count(_ event: String) -> Int { events.count { $0["event"]?.string == event } }

    /// Places and values of one member of the lines about steps.
    func curve(_ member: String) -> [LinePlot.Point] {
        steps.compactMap { line in
            guard let step = line["step"]?.double, let value = line[member]?.double, value.isFinite else { return nil }
            return LinePlot.Point(x: step, y: value)
        }
    }

    /// Means that forget: each value keeps `share` of what came before it; the weights of those that are there add up
    /// to 1, so that the first values count for no more than they are.
    static func smoothed(_ points: [LinePlot.Point], share: Double) -> [LinePlot.Point] {
        var (sum, weight) = (0.0, 0.0)
        return points.map { point in
            (sum, weight) = (sum * share + point.y * (1 - share), weight * share + 1 - share)
            return LinePlot.Point(x: point.x, y: sum / weight)
        }
    }

    /// A measure of validations, which stands beside their losses.
    func validated(_ member: String) -> [LinePlot.Point] {
        validations.compactMap { line in
            guard let step = line["step"]?.double, let value = line[member]?.double, value.isFinite else { return nil }
            return LinePlot.Point(x: step, y: value)
        }
    }

    /// What a user should know, each kind once.
    var notices: [String] {
        var byKind = JSONObject()
        for event in events where event["event"]?.string == "notice" {
            byKind[event["kind"]?.string ?? ""] = event["text"] ?? .string("")
        }
        return byKind.compactMap(\.value.string)
    }

    /// Bits per byte of a language.
    func bits(_ language: String) -> [LinePlot.Point] {
        validations.compactMap { line in
            guard let step = line["step"]?.double, let value = line["bits_per_byte"]?[language]?.double else {
                return nil
            }
            return LinePlot.Point(x: step, y: value)
        }
    }

    /// "zh", "en", "all", where there is one.
    var languages: [String] { ["zh", "en", "all"].filter { !bits($0).isEmpty } }

    /// The last sample of each prompt.
    var lastSamples: [JSONObject] {
        var byPrompt = JSONObject()
        for sample in samples { byPrompt[sample["prompt"]?.string ?? ""] = .object(sample) }
        return byPrompt.compactMap(\.value.object)
    }
}
