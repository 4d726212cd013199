import Training
import Tuning

/// The lessons that need more than the trainer has.
enum Lessons {
    static func make(_ context: LessonContext) throws(TrainingError) -> (any Lesson)? {
        switch context.configuration.stage {
        case .grpo: try policy(context)
        case .pretrain, .sft, .lora, .dpo, .kto, .reward, .distill: nil
        }
    }

    private static func policy(_ context: LessonContext) throws(TrainingError) -> (any Lesson)? {
        guard let base = context.configuration.base else { return nil }
        let text: TuningText
        do { text = try TuningText(base) } catch { throw .lesson(reason: "\(error)") }
        return try GroupPolicyLesson(
            context, GroupPolicyLesson.Text(tokenizer: text.tokenizer, endTokens: text.endTokens))
    }
}
