/// A statement of a template.
indirect enum Statement: Sendable {
    case data(Text)
    case output([Expression], line: Int)
    case branch([Branch], otherwise: [Statement])
    case loop(LoopStatement)
    case assign(Target, Expression, line: Int)
    /// `{% set x %}…{% endset %}`
    case capture(Target, ScopeID, filters: [Expression.Postfix], body: [Statement], line: Int)
    case macro(SymbolID, MacroDefinition)
    /// `{% call f(…) %}…{% endcall %}`: the block is a macro that f knows as `caller`.
    case call(Expression, MacroDefinition, line: Int)
    case filter(ScopeID, filters: [Expression.Postfix], body: [Statement], line: Int)
    case with(ScopeID, [Binding], body: [Statement], line: Int)
    /// `{% generation %}`: marks an answer for training and prints its body.
    case generation(ScopeID, body: [Statement])
    case breakLoop
    case continueLoop

    struct Branch: Sendable {
        var test: Expression
        var body: [Statement]
        var line: Int
    }

    struct Binding: Sendable {
        var target: Target
        var value: Expression
    }
}

/// What a value can be assigned to.
indirect enum Target: Sendable {
    case name(SymbolID)
    case tuple([Target])
    /// A namespace's member.
    case member(SymbolID, Text)
}

/// A scope's place in `Program.scopes`.
typealias ScopeID = Int

final class LoopStatement: Sendable {
    let target: Target
    let iterable: Expression
    let test: Expression?
    let isRecursive: Bool
    /// Whether the body looks at `loop`. If not, tests run one by one between the turns, as Python's generator does.
    let usesLoop: Bool
    let body: [Statement]
    let otherwise: [Statement]
    let scopes: (body: ScopeID, test: ScopeID, otherwise: ScopeID)
    let line: Int

    init(
        target: Target, iterable: Expression, test: Expression?, isRecursive: Bool, usesLoop: Bool, body: [Statement],
        otherwise: [Statement], scopes: (body: ScopeID, test: ScopeID, otherwise: ScopeID), line: Int
    ) {
        self.target = target
        self.iterable = iterable
        self.test = test
        self.isRecursive = isRecursive
        self.usesLoop = usesLoop
        self.body = body
        self.otherwise = otherwise
        self.scopes = scopes
        self.line = line
    }
}

final class MacroDefinition: Sendable {
    struct Parameter: Sendable {
        var name: String
        var symbol: SymbolID
        var fallback: Expression?
    }

    let name: String
    let parameters: [Parameter]
    let body: [Statement]
    let scope: ScopeID
    /// Which of `caller`, `varargs` and `kwargs` the body reads: only then may a call give them.
    let uses: Uses
    let line: Int

    struct Uses: Sendable, OptionSet {
        let rawValue: Int
        static let caller = Uses(rawValue: 1)
        static let varargs = Uses(rawValue: 2)
        static let kwargs = Uses(rawValue: 4)
    }

    init(name: String, parameters: [Parameter], body: [Statement], scope: ScopeID, uses: Uses, line: Int) {
        self.name = name
        self.parameters = parameters
        self.body = body
        self.scope = scope
        self.uses = uses
        self.line = line
    }
}
