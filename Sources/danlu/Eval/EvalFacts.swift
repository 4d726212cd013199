import Evaluation
import Foundation
import JSON
import Training

/// What other stages know of a model, as names and values.
enum EvalFacts {
    private static let fileBytesMax = 64 << 20
    private static let factsMax = 100
    private static let valueCharactersMax = 400

    /// The numbers and texts of any JSON file, each under the path that leads to it.
    static func facts(file path: String) throws -> [EvaluationResult.Fact] {
        let data = try Terminal.read(path, bytesMax: fileBytesMax)
        do { return flattened(try JSONValue(parsing: data), "") } catch {
            throw EvaluationError.damaged(file: path, reason: "\(error)")
        }
    }

    /// The hashes, data and cost of the run that made a model.
    static func lineage(_ run: RunFolder) throws -> [EvaluationResult.Fact] {
        flattened(try RunReport(run).json, "run")
    }

    private static func flattened(_ value: JSONValue, _ path: String) -> [EvaluationResult.Fact] {
        func joined(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        let found: [EvaluationResult.Fact]
        switch value {
        case .null: found = []
        case .object(let object): found = object.flatMap { flattened($0.value, joined($0.key)) }
        case .array(let items):
            // Long lists are samples and curves, which have pages of their own.
            found =
                items.count > 10 ? [] : items.enumerated().flatMap { flattened($0.element, joined("\($0.offset)")) }
        case .string(let text): found = [.init(name: path, value: String(text.prefix(valueCharactersMax)))]
        default: found = [.init(name: path, value: value.serialized())]
        }
        return Array(found.prefix(factsMax))
    }
}
