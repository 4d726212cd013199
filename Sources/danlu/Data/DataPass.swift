import Foundation
import Instructions
import JSON

/// One reading of the data: every example is handed over, repeats and overlaps are found, faults are kept.
struct DataPass {
    let options: DataInputOptions
    private(set) var survey = DataSurvey()
    private(set) var census = DuplicateCensus()
    private(set) var contamination = Contamination()
    private(set) var faults: [DataFault] = []
    private(set) var faultCount = 0
    private(set) var repeats: [DuplicateCensus.Repeat] = []
    private(set) var overlaps: [Contamination.Overlap] = []

    /// What is known of an example when it is handed over.
    struct Visit {
        var example: InstructionExample
        var schema: Schema
        var repeated: DuplicateCensus.Repeat?
        var overlap: Contamination.Overlap?
    }

    static let shownMax = 1000

    init(_ options: DataInputOptions) { self.options = options }

    /// - Throws: `InstructionsError`; `CancellationError` when the task was cancelled; what `body` throws.
    mutating func run(_ body: (Visit) throws -> Void = { _ in }) throws {
        var progress = ProgressLine()
        defer { progress.clear() }
        for (number, path) in options.against.enumerated() {
            try Task.checkCancellation()
            if progress.isDue {
                let share = Double(number) / Double(options.against.count)
                progress.show([Language.text(zh: "读取评测 \(path)", en: "reading \(path)")], share: share)
            }
            try contamination.add(evaluation: path)
        }
        let files = try InstructionFiles(paths: options.paths)
        var reader = ExampleReader(files)
        progress.restart()
        while let item = try reader.next() {
            switch item {
            case .example(let example, let schema): try body(visit(example, schema))
            case .fault(let fault):
                faultCount += 1
                if faults.count < Self.shownMax { faults.append(fault) }
            }
            guard progress.isDue else { continue }
            try Task.checkCancellation()
            let share = Double(reader.bytesRead) / Double(max(1, files.bytes))
            let count = Language.text(zh: "\(survey.examples) 例", en: "\(survey.examples) examples")
            progress.show([count, progress.rate(survey.examples)], share: share)
        }
    }

    private mutating func visit(_ example: InstructionExample, _ schema: Schema) -> Visit {
        survey.add(example, schema)
        let visit = Visit(
            example: example, schema: schema, repeated: census.add(example),
            overlap: options.against.isEmpty ? nil : contamination.overlap(with: example))
        if let repeated = visit.repeated, repeats.count < Self.shownMax { repeats.append(repeated) }
        if let overlap = visit.overlap, overlaps.count < Self.shownMax { overlaps.append(overlap) }
        return visit
    }

    /// Nothing may be made of data with faults unless that was said.
    func refuseFaults() throws {
        guard faultCount > 0, !options.skipBroken else { return }
        throw InstructionsError.broken(faults: Array(faults.prefix(20)), count: faultCount)
    }

    var json: JSONObject {
        var object: JSONObject = [
            "files": .array(options.paths.map(JSONValue.string)), "examples": .int(survey.examples),
            "broken": .int(faultCount), "schemas": .object(Self.counts(survey.schemas)),
            "kinds": .object(Self.counts(survey.kinds)),
            "duplicates": [
                "exact": .int(census.exactRepeats), "normalized": .int(census.normalizedRepeats),
                "questions": .int(census.questionCount),
                "shown": .array(
                    repeats.map {
                        [
                            "at": .string("\($0.source)"), "first": .string("\($0.first)"),
                            "exact": .bool($0.isExact),
                        ]
                    }),
            ],
            "faults": .array(faults.map(\.json)),
        ]
        if !options.against.isEmpty {
            object["contamination"] = [
                "against": .array(options.against.map(JSONValue.string)),
                "examples": .int(contamination.exampleCount), "items": .int(contamination.itemCount),
                "items_found": .int(contamination.itemsFound),
                "shown": .array(
                    overlaps.map {
                        [
                            "at": .string("\($0.source)"), "evaluation": .string("\($0.evaluation)"),
                            "text": .string($0.text),
                        ]
                    }),
            ]
        }
        return object
    }

    static func counts<Key: RawRepresentable & Hashable & CaseIterable>(_ counts: [Key: Int]) -> JSONObject
    where Key.RawValue == String {
        JSONObject(Key.allCases.compactMap { key in counts[key].map { (key: key.rawValue, value: .int($0)) } })
    }
}
