import Assistant
import Synchronization

/// Why one question has no answer, while others may have.
struct QuestionFault: Error {
    let reason: String

    init(reason: String) { self.reason = reason }

    /// Nil for what would befall every question.
    init?(_ error: any Error) {
        switch error as? AssistantError {
        case .contextExceeded, .promptTooLong, .template: reason = "\(error)"
        default: return nil
        }
    }
}

/// How many questions of an item were asked, rather than found answered.
final class AskedCount: Sendable {
    private let count = Atomic(0)

    func add() { count.wrappingAdd(1, ordering: .relaxed) }
    var value: Int { count.load(ordering: .relaxed) }
}
