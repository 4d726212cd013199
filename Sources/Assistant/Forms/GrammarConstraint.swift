import Grammar
import Inference

/// A compiled form as the engine sees it.
struct GrammarConstraint: TokenConstraint {
    let masks: TokenMasks

    func start() -> any TokenConstraintState { State(matcher: masks.start()) }

    struct State: TokenConstraintState {
        var matcher: TokenMatcher

        var isComplete: Bool { matcher.isComplete }

        func allowed() -> TokenMask? { TokenMask(words: matcher.allowed()) }

        mutating func accept(_ token: Int32) -> Bool { matcher.accept(token) }
    }
}
