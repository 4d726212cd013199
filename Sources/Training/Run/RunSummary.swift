import JSON

/// What a run has come to, from its folder: what lists and comparisons show.
package struct RunSummary: Sendable {
    package let folder: RunFolder
    package let configuration: RunConfiguration
    package private(set) var step = 0
    package private(set) var tokens = 0
    package private(set) var seconds = 0.0
    /// The newest.
    package private(set) var loss: Double?
    package private(set) var tokensPerSecond: Double?
    /// The newest, by language and "all".
    package private(set) var bitsPerByte: [String: Double] = [:]
    package private(set) var skips = 0
    package private(set) var rollbacks = 0
    package private(set) var isFinished = false
    /// Unix time of the last line.
    package private(set) var time: Double?

    package init(_ folder: RunFolder) throws(TrainingError) {
        self.folder = folder
        configuration = try folder.configuration()
        for line in try folder.log() { add(line) }
    }

    private mutating func add(_ line: JSONObject) {
        time = line["time"]?.double ?? time
        switch line["event"]?.string {
        case "step":
            step = line["step"]?.int ?? step
            tokens = line["tokens"]?.int ?? tokens
            seconds = line["seconds"]?.double ?? seconds
            loss = line["loss"]?.double ?? loss
            tokensPerSecond = line["tokens_per_second"]?.double ?? tokensPerSecond
        case "validation":
            for (name, value) in line["bits_per_byte"]?.object ?? [:] { bitsPerByte[name] = value.double }
        case "skip": skips += 1
        case "rollback": rollbacks += 1
        case "begin": isFinished = false
        case "end": isFinished = line["finished"]?.bool ?? false
        default: break
        }
    }

    package var json: JSONValue {
        [
            "name": .string(folder.name), "path": .string(folder.path), "step": .int(step),
            "steps": .int(configuration.steps), "finished": .bool(isFinished), "tokens": .int(tokens),
            "seconds": .double(seconds), "loss": loss.map { .double($0) } ?? .null,
            "tokens_per_second": tokensPerSecond.map { .double($0) } ?? .null,
            "bits_per_byte": .object(
                JSONObject(bitsPerByte.sorted { $0.key < $1.key }.map { ($0.key, .double($0.value)) })),
            "skips": .int(skips), "rollbacks": .int(rollbacks), "time": time.map { .double($0) } ?? .null,
        ]
    }
}
