import Foundation

/// What `danlu eval` found, as it lies in a file.
package struct EvaluationResult: Codable, Sendable, Equatable {
    package struct Model: Codable, Sendable, Equatable {
        package var name: String
        package var path: String
        package var architecture: String
        package var parameters: Int
        package var quantization: String
        package var adapters: [String]
        package var identity: ModelIdentity

        package init(
            name: String, path: String, architecture: String, parameters: Int, quantization: String,
            adapters: [String], identity: ModelIdentity
        ) {
            self.name = name
            self.path = path
            self.architecture = architecture
            self.parameters = parameters
            self.quantization = quantization
            self.adapters = adapters
            self.identity = identity
        }
    }

    /// A name with a value, for facts whose kind is another stage's business.
    package struct Fact: Codable, Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What the model says to a fixed prompt.
    package struct Sample: Codable, Sendable, Equatable {
        package var language: String
        package var prompt: String
        package var text: String
        package var isCut: Bool
    }

    /// How often the model refuses what it should, and what it should not.
    package struct Refusals: Codable, Sendable, Equatable {
        package var harmful: Score
        package var harmless: Score
        package var answers: [Sample]
    }

    package var version: String
    package var model: Model
    package var seed: UInt64
    package var limit: Int?
    package var tasks: [TaskResult]
    package var samples: [Sample] = []
    package var refusals: Refusals?
    /// Of the run that made the model.
    package var lineage: [Fact] = []
    /// Of the training data with the questions, where somebody counted.
    package var contamination: [Fact] = []
    /// What the evaluation took.
    package var seconds = 0.0
    package var date: Date

    package init(version: String, model: Model, seed: UInt64, limit: Int?, tasks: [TaskResult], date: Date) {
        self.version = version
        self.model = model
        self.seed = seed
        self.limit = limit
        self.tasks = tasks
        self.date = date
    }

    /// - Throws: `EvaluationError.file`, `.damaged`.
    package init(file path: String) throws(EvaluationError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw .system("read", path) }
        guard data.count <= EvaluationLimits.fileBytesMax else {
            throw .damaged(file: path, reason: "larger than \(EvaluationLimits.fileBytesMax) bytes")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        do { self = try decoder.decode(EvaluationResult.self, from: data) } catch {
            throw .damaged(file: path, reason: "\(error)")
        }
    }

    /// - Throws: `EvaluationError.file`.
    package func json() throws(EvaluationError) -> String { try ResultText.json(self) }
}

/// Results as JSON.
package enum ResultText {
    /// - Throws: `EvaluationError.file` for a number that JSON has no form for.
    package static func json(_ value: some Encodable) throws(EvaluationError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
            throw .file(operation: "encode", path: "\(type(of: value))", reason: "\(error)")
        }
    }
}
