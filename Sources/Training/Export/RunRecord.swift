import Foundation
import JSON

/// What a bundle says of the run that made a model.
struct RunRecord: Sendable {
    /// RunConfiguration and DataManifest, as the run's folder has them.
    let training: JSONValue
    let data: JSONValue
    /// What a tuned model's base is called.
    let baseName: String?

    init(_ run: RunFolder) throws(TrainingError) {
        let configuration = try run.configuration()
        training = try Self.json(configuration)
        data = try Self.json(try run.data())
        baseName = configuration.base.map { ($0.path as NSString).lastPathComponent }
    }

    private static func json(_ value: some Encodable) throws(TrainingError) -> JSONValue {
        let bytes = try Files.json(value)
        do { return try JSONValue(parsing: bytes) } catch {
            throw .file(operation: "encode", path: "\(type(of: value))", reason: "\(error)")
        }
    }
}
