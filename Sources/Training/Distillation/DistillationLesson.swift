import Kernels

/// What another model would say of the examples' answers, besides the answers themselves (Hinton et al., 2015):
/// alpha T² KL(teacher, student) + (1 - alpha) cross-entropy.
final class DistillationLesson: Lesson {
    private let text: TextLesson
    private let source: TokenSource
    private let configuration: RunConfiguration
    private let folder: RunFolder
    private let pool: WorkerPool
    private let vocabularySize: Int
    private let teacher: BaseReference
    private let key: String
    private var table: TeacherTable?

    static let alpha = 0.5
    static let temperature = 1.0
    static let tokens = 32

    init(_ context: LessonContext) throws(TrainingError) {
        guard let teacher = context.configuration.objective?.teacher else {
            throw .invalidSetting(name: "teacher", expected: "a model", actual: "none")
        }
        self.teacher = teacher
        text = TextLesson(context)
        source = context.data.sources[0]
        configuration = context.configuration
        folder = context.folder
        pool = context.pool
        vocabularySize = context.network.configuration.vocabularySize
        key =
            "\(context.data.manifest.hash) \(teacher.sha256) \(Self.count(configuration)) "
            + "\(Self.temperature(configuration))"
    }

    private static func count(_ configuration: RunConfiguration) -> Int {
        configuration.objective?.teacherTokens ?? tokens
    }

    private static func temperature(_ configuration: RunConfiguration) -> Double {
        configuration.objective?.temperature ?? temperature
    }

    var heldOutCount: Int { text.heldOutCount }

    func prepare(
        _ network: Network, unless stop: StopRequest, progress: (PreparationProgress) -> Void
    ) throws(TrainingError) {
        let (place, count) = (TeacherTable.folder(folder, key: key), Self.count(configuration))
        if let known = try TeacherTable(folder: place, key: key, count: count, shard: source.shard) {
            table = known
            return
        }
        let found = try BaseReference(path: teacher.path)
        guard found == teacher else {
            throw .changed(what: "the teacher", path: teacher.path, expected: teacher.sha256, actual: found.sha256)
        }
        let pass = try TeacherPass(
            try teacher.transformer(on: pool), path: teacher.path, shard: source.shard, count: count,
            temperature: Float(Self.temperature(configuration)), vocabularySize: vocabularySize, on: pool)
        guard try pass.write(to: place, unless: stop, progress: progress) else { return }
        try TeacherTable.finish(place, key: key, count: count, shard: source.shard)
        table = try TeacherTable(folder: place, key: key, count: count, shard: source.shard)
    }

    func learn(_ step: LessonStep, _ cursor: inout DataCursor) -> LessonResult? {
        guard let table else { return nil }
        let batches = StepBatches([source], configuration, &cursor)
        let alpha = configuration.objective?.alpha ?? Self.alpha
        var (loss, divergence) = (LossSum(), 0.0)
        let empty = batches.forEach(step) { batch, pieces, noise in
            let result = step.network.forwardBackward(
                batch, teacher: said(of: pieces, table, alpha), scale: 1 / Float(batches.targets), noise: noise,
                unless: step.stop)
            loss += result.loss
            divergence += result.divergence
        }
        guard let empty else { return nil }
        guard loss.targets > 0 else { return LessonResult(loss: 0, targets: 0, emptyMicroBatches: empty) }
        let distance = divergence / Double(loss.targets)
        let square = Self.temperature(configuration) * Self.temperature(configuration)
        return LessonResult(
            loss: alpha * square * distance + (1 - alpha) * loss.mean, targets: loss.targets,
            measures: ["kl": distance, "cross_entropy": loss.mean], emptyMicroBatches: empty)
    }

    private func said(
        of pieces: [Piece], _ table: TeacherTable, _ alpha: Double
    ) -> TrainingOperations.Teacher {
        var (ids, probabilities): ([Int32], [Float]) = ([], [])
        for piece in pieces {
            let places = piece.start + 1..<piece.start + piece.count + 1
            table.add(piece.document, places, of: source.shard, to: &ids, &probabilities)
        }
        return TrainingOperations.Teacher(
            count: table.count, ids: ids, probabilities: probabilities,
            temperature: Float(Self.temperature(configuration)), alpha: Float(alpha))
    }

    /// In bits per byte of answers, as of any other tuning.
    func validate(_ step: LessonStep) -> RunEvent.Validation? { text.validate(step) }
}
