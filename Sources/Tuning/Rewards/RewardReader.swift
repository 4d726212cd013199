import Evaluation
import Foundation
import Grammar
import Instructions
import JSON

/// Reads what a task's `reward` says; docs/instruction-data.md lists the forms.
///
///     {"type": "number", "answer": 42}
///     {"type": "sum", "of": [{"type": "exact", "answer": "yes"}, {"type": "length", "max": 3, "weight": 0.2}]}
///
/// Commands' sandboxes are made once for each set of limits, and tried when the first specification names one.
package struct RewardReader {
    private var sandboxes: [Bounds: CodeSandbox] = [:]

    /// What a command may take.
    private struct Bounds: Hashable {
        var seconds: Int
        var megabytes: Int
    }

    package static let types = ["number", "exact", "format", "json_schema", "length", "command", "sum"]
    private static let partsMax = 16
    private static let depthMax = 4
    private static let filesMax = 16
    private static let fileBytesMax = 256 << 10
    private static let secondsMax = 60
    private static let megabytesMax = 4096

    package init() {}

    /// - Throws: `TuningError.reward` naming the member, `.noSandbox`.
    package mutating func read(_ json: JSONValue, at source: SourceLine) throws(TuningError) -> any Reward {
        try read(RewardFields(json, "reward", source), depth: 0)
    }

    /// The specification with the texts of the files that its commands name, so that it stands alone.
    ///
    /// - Parameter source: paths of files are relative to the folder of its file.
    package static func standalone(_ json: JSONValue, at source: SourceLine) throws(TuningError) -> JSONValue {
        guard var object = json.object else { return json }
        if let parts = object["of"]?.array {
            var whole: [JSONValue] = []
            for part in parts { whole.append(try standalone(part, at: source)) }
            object["of"] = .array(whole)
        }
        guard let names = object["files"]?.array else { return .object(object) }
        let fields = RewardFields(json, "reward", source)
        let folder = URL(filePath: source.file).deletingLastPathComponent()
        var files = JSONObject()
        for name in names.prefix(filesMax + 1) {
            guard let name = name.string else { throw fields.fault("files", "give names of files, or {name: text}") }
            let place = folder.appending(path: name)
            guard let data = try? Data(contentsOf: place), let text = String(validating: data, as: UTF8.self) else {
                throw fields.fault("files", "\(place.path) cannot be read as UTF-8 text")
            }
            files[place.lastPathComponent] = .string(text)
        }
        object["files"] = .object(files)
        return .object(object)
    }

    private mutating func read(_ fields: RewardFields, depth: Int) throws(TuningError) -> any Reward {
        switch try fields.text("type") {
        case "number":
            try fields.allow(["answer", "tolerance"])
            let tolerance = try fields.number("tolerance", 0...Double.greatestFiniteMagnitude, default: 0)
            return NumberReward(answer: try fields.answerNumber("answer"), tolerance: tolerance)
        case "exact":
            try fields.allow(["answer", "ignore_case"])
            return ExactReward(answers: try fields.texts("answer"), ignoresCase: try fields.flag("ignore_case"))
        case "format":
            try fields.allow(["regex"])
            let regex = try fields.text("regex")
            return try fields.compiling("regex") { () throws(GrammarError) in try FormatReward(regex: regex) }
        case "json_schema":
            try fields.allow(["schema"])
            guard let schema = fields["schema"], schema.object != nil else {
                throw fields.missing("schema", "an object")
            }
            return try fields.compiling("schema") { () throws(GrammarError) in try SchemaReward(schema: schema) }
        case "length": return try length(fields)
        case "command": return try command(fields)
        case "sum": return try sum(fields, depth: depth)
        case let other:
            throw fields.fault("type", "“\(other.prefix(40))” is none of \(Self.types.joined(separator: ", "))")
        }
    }

    private func length(_ fields: RewardFields) throws(TuningError) -> any Reward {
        try fields.allow(["min", "max", "unit"])
        let least = try fields.whole("min", 0...1_000_000, default: 0)
        guard fields["max"] != nil else { throw fields.missing("max", "a whole number") }
        let most = try fields.whole("max", 1...1_000_000, default: 0)
        guard least <= most else { throw fields.fault("max", "\(most) is below min, \(least)") }
        let name = fields["unit"] == nil ? LengthReward.Unit.words.rawValue : try fields.text("unit")
        guard let unit = LengthReward.Unit(rawValue: name) else {
            let known = LengthReward.Unit.allCases.map(\.rawValue).joined(separator: " or ")
            throw fields.fault("unit", "“\(name.prefix(40))” is not \(known)")
        }
        return LengthReward(range: least...most, unit: unit)
    }

    private mutating func command(_ fields: RewardFields) throws(TuningError) -> any Reward {
        try fields.allow(["run", "files", "seconds", "memory_mb", "best"])
        let run = try fields.text("run")
        var files: [(name: String, text: String)] = []
        for (name, text) in fields["files"]?.object ?? JSONObject() {
            guard let text = text.string, text.utf8.count <= Self.fileBytesMax else {
                throw fields.fault("files", "\(name) is no text of at most \(Self.fileBytesMax) bytes")
            }
            guard !name.isEmpty, !name.contains("/"), !name.hasPrefix("."), name != "program.py" else {
                throw fields.fault("files", "“\(name.prefix(40))” is no plain name of a file")
            }
            files.append((name, text))
        }
        guard files.count <= Self.filesMax else { throw fields.fault("files", "more than \(Self.filesMax) files") }
        let bounds = Bounds(
            seconds: try fields.whole("seconds", 1...Self.secondsMax, default: 5),
            megabytes: try fields.whole("memory_mb", 16...Self.megabytesMax, default: 512))
        let best = try fields.number("best", 0...CommandReward.valueMax, default: 1)
        return CommandReward(command: run, files: files, best: best, sandbox: try sandbox(bounds))
    }

    private mutating func sandbox(_ bounds: Bounds) throws(TuningError) -> CodeSandbox {
        if let known = sandboxes[bounds] { return known }
        var limits = SandboxLimits()
        (limits.processorSecondsMax, limits.secondsMax) = (bounds.seconds, Double(bounds.seconds))
        limits.memoryBytesMax = bounds.megabytes << 20
        let made: CodeSandbox
        do { made = try CodeSandbox(limits: limits) } catch { throw .noSandbox(reason: "\(error)") }
        sandboxes[bounds] = made
        return made
    }

    private mutating func sum(_ fields: RewardFields, depth: Int) throws(TuningError) -> any Reward {
        try fields.allow(["of"])
        guard let parts = fields["of"]?.array, (1...Self.partsMax).contains(parts.count) else {
            throw fields.missing("of", "a list of 1 to \(Self.partsMax) rewards")
        }
        guard depth < Self.depthMax else { throw fields.fault("of", "sums are nested more than \(Self.depthMax) deep") }
        var read: [(weight: Double, reward: any Reward)] = []
        for (place, part) in parts.enumerated() {
            let inner = RewardFields(part, "\(fields.path).of[\(place)]", fields.source)
            let weight = try inner.number("weight", -1000...1000, default: 1)
            read.append((weight, try self.read(inner, depth: depth + 1)))
        }
        return WeightedReward(parts: read)
    }
}
