import Testing
import Training

@Suite struct TrainSettingsTests {
    private func resolve(_ folder: TemporaryFolder, _ change: (inout TrainSettings) -> Void) throws -> RunConfiguration
    {
        var settings = TrainSettings()
        settings.data = [try folder.write("a.txt", "text")]
        settings.tokenizer = try folder.writeTokenizer()
        change(&settings)
        return try settings.resolved(cache: "cache", threads: 2)
    }

    @Test func theDialSetsTheShapeAndStepsTheRest() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let configuration = try resolve(folder) {
            ($0.size, $0.steps, $0.batchTokens, $0.seq) = ("1M", 1000, 16_384, 128)
        }
        #expect(configuration.model.vocabularySize == 257 && configuration.sequence == 128)
        #expect(configuration.rows == 128 && configuration.microRows == 64 && configuration.microBatches == 2)
        #expect(configuration.schedule.decayFrom == 800 && configuration.saveEvery == 50)
        #expect((900_000...1_100_000).contains(ParameterLayout(configuration.model.configuration).count))
    }

    @Test func tokensGiveTheSteps() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let configuration = try resolve(folder) {
            ($0.layers, $0.dim, $0.tokens, $0.batchTokens, $0.seq) = (2, 64, "1M", 1000, 100)
        }
        #expect(configuration.steps == 1000 && configuration.rows == 10)
    }

    @Test(
        arguments: [
            { $0.steps = 10 }, { ($0.size, $0.layers) = ("1M", 2) }, { $0.size = "many" },
            { ($0.size, $0.steps, $0.microRows, $0.batchTokens, $0.seq) = ("1M", 10, 3, 1000, 100) },
            { ($0.size, $0.steps, $0.tokens) = ("1M", 10, "5M") }, { ($0.size, $0.clip) = ("1M", -1) },
            { ($0.size, $0.keep) = ("1M", 1) }, { ($0.size, $0.data) = ("1M", ["a=1", "b"]) },
            { ($0.size, $0.data) = ("1M", ["a=-1"]) }, { ($0.size, $0.data) = ("1M", nil) },
            { ($0.size, $0.learningRate) = ("1M", .nan) }, { ($0.size, $0.tokenizer) = ("1M", nil) },
        ] as [@Sendable (inout TrainSettings) -> Void])
    func whatCannotBeIsRefused(change: @Sendable (inout TrainSettings) -> Void) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        #expect(throws: TrainingError.self) { try resolve(folder, change) }
    }

    @Test func filesAreReadAndMisspelledSettingsRefused() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let text =
            #"{"size": "3M", "batch_tokens": 4096, "optimizer": "muon", "precision": "bf16", "schedule": "cosine"}"#
        let settings = try TrainSettings(file: folder.write("run.json", text))
        #expect(settings.size == "3M" && settings.batchTokens == 4096 && settings.optimizer == .muon)
        #expect(settings.precision == .bf16 && settings.schedule == .cosine && settings.steps == nil)
        for text in [#"{"batchtokens": 1}"#, "[]", "{", #"{"steps": "ten"}"#, #"{"optimizer": "sgd"}"#] {
            let path = try folder.write("run.json", text)
            #expect(throws: TrainingError.self) { try TrainSettings(file: path) }
        }
    }
}
