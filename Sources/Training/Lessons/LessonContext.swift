import Kernels

/// What a lesson is made from.
package struct LessonContext {
    package let folder: RunFolder
    package let configuration: RunConfiguration
    package let data: TrainingData
    package let network: Network
    package let pool: WorkerPool

    /// Makes the lessons of stages that need more than this target has; nil for those it does not know.
    package typealias Maker = (LessonContext) throws(TrainingError) -> (any Lesson)?

    func lesson(_ maker: Maker) throws(TrainingError) -> any Lesson {
        switch configuration.stage {
        case .pretrain, .sft, .lora: return TextLesson(self)
        case .dpo, .kto: return try PreferenceLesson(self)
        case .reward: return try RewardLesson(self)
        case .distill: return try DistillationLesson(self)
        case .grpo: break
        }
        guard let lesson = try maker(self) else {
            throw .unsupported(
                field: "stage", expected: "one that this program trains", actual: configuration.stage.rawValue)
        }
        return lesson
    }
}
