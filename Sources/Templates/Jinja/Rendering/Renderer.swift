import Foundation

/// Runs a program once.
///
///     let renderer = Renderer(program, limits, variables: ["messages": messages], now: now)
///     let text = try renderer.render()
///
/// Everything that takes time or memory in proportion to a value's size goes through `charge`; everything that nests
/// goes through `enter`. Nothing else keeps a hostile template from running for ever or off the end of the stack.
final class Renderer {
    let program: Program
    let limits: TemplateLimits
    let now: Date
    /// What the caller gave, by variable.
    private let given: [Value?]
    var scope: Scope
    /// The output, or the text that a macro or block is making.
    var output = Text()
    /// What blocks `{% generation %}` wrote to the prompt itself.
    var answers: [Range<Int>] = []
    /// Some such block wrote into a macro's or another block's text.
    var hidesAnswers = false
    /// The line of the statement that runs, for errors.
    var line = 1
    private var depth = 0
    private var stepsLeft: Int
    /// How many macros and blocks are collecting their text; 0 when the prompt itself is written.
    var captures = 0
    private var outputBytes = 0
    private var scopes: [Scope] = []
    private var namespaces: [NamespaceValue] = []

    init(_ program: Program, _ limits: TemplateLimits, variables: [String: Value], now: Date) {
        self.program = program
        self.limits = limits
        self.now = now
        given = program.names.map { name in
            variables[name] ?? GlobalFunction(rawValue: name).map { .function(FunctionValue(.global($0))) }
        }
        stepsLeft = limits.stepsMax
        scope = Scope(program.scopes[0], in: nil)
    }

    func render() throws(TemplateError) -> RenderedPrompt {
        defer { release() }
        keep(scope)
        do throws(TemplateError) {
            try start(scope)
            _ = try run(program.statements)
        } catch {
            throw error.at(line: line)
        }
        return RenderedPrompt(output, answers: hidesAnswers ? [] : answers)
    }

    // MARK: Limits

    /// Counts work: one step for one item, or for 16 characters that are copied or compared.
    @inline(__always)
    func charge(_ steps: Int) throws(TemplateError) {
        stepsLeft -= steps
        if stepsLeft < 0 { throw .limit(name: "stepsMax", value: limits.stepsMax) }
    }

    func charge(_ text: Text) throws(TemplateError) { try charge(1 + text.count / 16) }

    /// Counts work that looks at each character: its class, its case, its escape.
    func chargeEach(_ text: Text) throws(TemplateError) { try charge(1 + text.count / 2) }

    @inline(__always)
    func enter() throws(TemplateError) {
        depth += 1
        stepsLeft -= 1
        if stepsLeft < 0 { throw .limit(name: "stepsMax", value: limits.stepsMax) }
        if depth > limits.recursionMax { throw .limit(name: "recursionMax", value: limits.recursionMax) }
    }

    @inline(__always)
    func leave() { depth -= 1 }

    /// Refuses a text of `count` characters before it is made.
    func checkText(_ count: Int) throws(TemplateError) {
        if count > limits.stringCharactersMax {
            throw .limit(name: "stringCharactersMax", value: limits.stringCharactersMax)
        }
        try charge(1 + count / 16)
    }

    /// Refuses a list of `count` items before it is made.
    func checkList(_ count: Int) throws(TemplateError) {
        if count > limits.listItemsMax { throw .limit(name: "listItemsMax", value: limits.listItemsMax) }
        try charge(1 + count)
    }

    func list(_ items: [Value], _ kind: ListValue.Kind = .list, isTrusted: Bool = true) throws(TemplateError) -> Value {
        try checkList(items.count)
        let list = ListValue(items, kind, isTrusted: isTrusted)
        try checkDepth(list.depth)
        return .list(list)
    }

    func dict(_ members: DictMembers, isTrusted: Bool = true) throws(TemplateError) -> Value {
        try checkList(members.keys.count)
        try charge(8 + 2 * members.keys.count)
        let dict = DictValue(members, isTrusted: isTrusted)
        try checkDepth(dict.depth)
        return .dict(dict)
    }

    func iterator(_ items: [Value]) throws(TemplateError) -> Value {
        try checkList(items.count)
        let iterator = IteratorValue(items)
        try checkDepth(iterator.depth)
        return .iterator(iterator)
    }

    func function(_ kind: FunctionValue.Kind) throws(TemplateError) -> Value {
        let function = FunctionValue(kind)
        try checkDepth(function.depth)
        return .function(function)
    }

    private func checkDepth(_ depth: Int) throws(TemplateError) {
        if depth > limits.valueDepthMax { throw .limit(name: "valueDepthMax", value: limits.valueDepthMax) }
    }

    // MARK: Output

    func write(_ text: Text) throws(TemplateError) {
        if text.isEmpty { return }
        if captures == 0 {
            for scalar in text.scalars { outputBytes += UTF8.width(scalar) }
            if outputBytes > limits.outputBytesMax {
                throw .limit(name: "outputBytesMax", value: limits.outputBytesMax)
            }
        } else {
            if output.count + text.count > limits.stringCharactersMax {
                throw .limit(name: "stringCharactersMax", value: limits.stringCharactersMax)
            }
        }
        try charge(text)
        output.append(text)
    }

    /// What `body` writes, as a text of its own.
    func capture(_ body: () throws(TemplateError) -> Void) throws(TemplateError) -> Text {
        let outer = output
        output = Text()
        captures += 1
        defer {
            output = outer
            captures -= 1
        }
        try body()
        return output
    }

    // MARK: Variables

    func keep(_ scope: Scope) { scopes.append(scope) }

    func makeNamespace() throws(TemplateError) -> NamespaceValue {
        try charge(16)
        let namespace = NamespaceValue()
        namespaces.append(namespace)
        return namespace
    }

    /// Breaks the circles of scopes, macros and namespaces.
    private func release() {
        for scope in scopes { scope.values = [] }
        for namespace in namespaces { namespace.members = [] }
        scopes = []
        namespaces = []
    }

    func givenValue(_ symbol: SymbolID) -> Value? { given[symbol] }

    /// Gives a scope's variables what they are at first; parameters are set by the caller.
    func start(_ scope: Scope) throws(TemplateError) {
        try charge(scope.values.count / 4)
        for (place, start) in scope.layout.starts.enumerated() {
            let symbol = scope.layout.symbols[place]
            switch start {
            case .parameter: break
            case .undefined: scope.values[place] = nil
            case .given: scope.values[place] = given[symbol]
            case .outer: scope.values[place] = scope.parent.flatMap { lookUp(symbol, from: $0) }
            }
        }
    }

    func lookUp(_ symbol: SymbolID, from start: Scope) -> Value? {
        var scope: Scope? = start
        while let next = scope {
            if let place = next.layout.place(of: symbol) { return next.values[place] }
            scope = next.parent
        }
        return given[symbol]
    }

    func set(_ symbol: SymbolID, _ value: Value) {
        var scope: Scope? = scope
        while let next = scope {
            if let place = next.layout.place(of: symbol) {
                next.values[place] = value
                return
            }
            scope = next.parent
        }
    }
}
