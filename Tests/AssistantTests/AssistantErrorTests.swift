import Assistant
import Inference
import Testing

@Suite struct AssistantErrorTests {
    @Test func theEnginesErrorsKeepTheirMeaning() {
        #expect(AssistantError(EngineError.overloaded(retryAfterSeconds: 4)) == .overloaded(retryAfterSeconds: 4))
        #expect(AssistantError(EngineError.draining) == .draining)
        #expect(
            AssistantError(EngineError.promptTooLong(tokens: 9, limit: 8))
                == .contextExceeded(promptTokens: 9, contextTokens: 8))
        #expect(
            AssistantError(EngineError.invalid(field: "top_p", reason: "2"))
                == .invalidRequest(field: "top_p", reason: "2"))
        #expect(AssistantError(EngineError.failed("NaN")) == .engine("NaN"))
    }

    @Test func endsThatAreNoneAreThrown() throws {
        #expect(try AnswerEnd.Reason(.stop) == .stop)
        #expect(try AnswerEnd.Reason(.length) == .length)
        #expect(try AnswerEnd.Reason(.cancelled) == .cancelled)
        #expect(throws: AssistantError.engine("NaN")) { try AnswerEnd.Reason(.failed("NaN")) }
        #expect(throws: AssistantError.overloaded(retryAfterSeconds: 2)) {
            try AnswerEnd.Reason(.overloaded(retryAfterSeconds: 2))
        }
    }
}
