/// Whether what a model wrote is right.
package enum AnswerCheck: Sendable, Equatable {
    /// The last number in it is this one.
    case lastNumber(String)
    /// Without white space around it, it is this text.
    case exactly(String)
    /// It keeps all of these rules.
    case rules([AnswerRule])
    /// After the prompt's own code it passes these tests.
    case program(code: String, tests: String)
    /// Nothing but a judge can say.
    case judge
}
