/// What holds an answer to a form, such as a grammar: it says, token by token, what may follow.
///
///     var state = constraint.start()
///     let mask = state.allowed()             // the tokens that may come first
///     state.accept(token)                    // and on to the next
///
/// The engine knows token ids only; what the form is and how tokens spell it is known above.
public protocol TokenConstraint: Sendable {
    /// The state before the answer's first token.
    func start() -> any TokenConstraintState
}

/// How far an answer has come.
///
/// A value: a copy goes its own way, so that several tokens can be tried and taken back.
public protocol TokenConstraintState: Sendable {
    /// Tokens that may come next; stop tokens are among them exactly when the answer may end here. nil allows all.
    func allowed() -> TokenMask?

    /// Whether the answer may end here.
    var isComplete: Bool { get }

    /// Goes on past a token. False, and nothing changes, when the token is not allowed or ends the answer.
    @discardableResult
    mutating func accept(_ token: Int32) -> Bool
}
