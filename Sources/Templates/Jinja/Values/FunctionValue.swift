/// What a template can call.
final class FunctionValue {
    enum Kind {
        case global(GlobalFunction)
        /// A method with the value it was taken from.
        case method(Value, Text)
        /// A macro, or the body of a `call` block, with the scope it was written in.
        case macro(MacroDefinition, Scope)
        case loopCycle(LoopState)
        case loopChanged(LoopState)
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    var depth: Int { if case .method(let receiver, _) = kind { 1 + receiver.depth } else { 0 } }
}

/// The functions every template knows.
enum GlobalFunction: String, CaseIterable {
    case range, dict, namespace, cycler, joiner, lipsum
    case raiseException = "raise_exception"
    case strftimeNow = "strftime_now"
}
