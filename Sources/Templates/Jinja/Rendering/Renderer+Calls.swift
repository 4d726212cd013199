extension Renderer {
    @inline(never)
    func call(_ callee: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        guard case .function(let function) = callee else {
            if case .loop(let state) = callee {
                let given = try arguments.bind(["iterable"], of: "loop", required: 1)
                return try recurse(state, given[0] ?? .none)
            }
            throw misuse(of: callee, "a call")
        }
        switch function.kind {
        case .global(let global): return try call(global, arguments)
        case .macro(let definition, let scope): return try call(definition, scope, arguments)
        case .method(let receiver, let name): return try call(method: name.string, of: receiver, arguments)
        case .loopCycle(let state):
            if arguments.positional.isEmpty || !arguments.named.isEmpty { throw .fault("'loop.cycle' needs values") }
            return arguments.positional[state.index % arguments.positional.count]
        case .loopChanged(let state):
            let changed: Bool
            if let last = state.lastChanged, last.count == arguments.positional.count {
                let pair = (ListValue(last, isTrusted: true), ListValue(arguments.positional, isTrusted: true))
                changed = try !isEqual(.list(pair.0), .list(pair.1))
            } else {
                changed = true
            }
            state.lastChanged = arguments.positional
            return .bool(changed)
        }
    }

    /// Runs a macro's body and gives what it writes.
    @inline(never)
    private func call(
        _ macro: MacroDefinition, _ closure: Scope, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try enter()
        defer { leave() }
        let inner = Scope(program.scopes[macro.scope], in: closure)
        try start(inner)
        try bind(arguments, to: macro, in: inner)
        let (outer, line) = (scope, line)
        defer { (scope, self.line) = (outer, line) }
        scope = inner
        self.line = macro.line
        for parameter in macro.parameters {
            guard let place = inner.layout.place(of: parameter.symbol), inner.values[place] == nil else { continue }
            if let fallback = parameter.fallback { inner.values[place] = try evaluate(fallback) }
        }
        return .string(try capture { () throws(TemplateError) in _ = try run(macro.body) })
    }

    private func bind(
        _ arguments: Arguments, to macro: MacroDefinition, in scope: Scope
    ) throws(TemplateError) {
        func set(_ symbol: SymbolID, _ value: Value) {
            if let place = scope.layout.place(of: symbol) { scope.values[place] = value }
        }
        var named = arguments.named
        for (index, parameter) in macro.parameters.enumerated() {
            if index < arguments.positional.count {
                set(parameter.symbol, arguments.positional[index])
            } else if let place = named.firstIndex(where: { $0.name == parameter.name }) {
                set(parameter.symbol, named.remove(at: place).value)
            }
        }
        if macro.uses.contains(.caller) {
            if let place = named.firstIndex(where: { $0.name == "caller" }) {
                set(KnownName.caller, named.remove(at: place).value)
            } else {
                set(KnownName.caller, .undefined(Undefined(name: "caller")))
            }
        }
        if macro.uses.contains(.kwargs) {
            var members = DictMembers()
            for (name, value) in named { try members.set(.trusted(name), value) }
            set(KnownName.kwargs, try dict(members))
        } else if let extra = named.first {
            throw .fault("the macro '\(macro.name)' takes no argument '\(extra.name)'")
        }
        let extra = arguments.positional.dropFirst(macro.parameters.count)
        if macro.uses.contains(.varargs) {
            set(KnownName.varargs, try list(Array(extra), .tuple))
        } else if !extra.isEmpty {
            throw .fault(
                "the macro '\(macro.name)' takes \(macro.parameters.count) arguments, not \(arguments.positional.count)"
            )
        }
    }

    @inline(never)
    private func call(_ global: GlobalFunction, _ arguments: Arguments) throws(TemplateError) -> Value {
        switch global {
        case .range: return try makeRange(arguments)
        case .dict: return try dict(try dictMembers(arguments))
        case .namespace:
            let namespace = try makeNamespace()
            let members = try dictMembers(arguments)
            for (key, value) in zip(members.keys, members.values) {
                guard let name = key.text else { throw .fault("a namespace's names are strings, not \(key.kind)") }
                try set(name, of: namespace, value)
            }
            return .namespace(namespace)
        case .raiseException:
            let given = try arguments.bind(["message"], of: global.rawValue, required: 1)
            throw .refused(try string(given[0] ?? .none).string)
        case .strftimeNow:
            let given = try arguments.bind(["format"], of: global.rawValue, required: 1)
            guard let format = given[0]?.text else { throw .fault("'strftime_now' needs a format string") }
            // A calendar is no cheap thing.
            try charge(64 + format.count)
            return .string(try Strftime(now).text(format))
        case .cycler, .joiner, .lipsum: throw .unsupported(line: 0, what: "the function '\(global.rawValue)'")
        }
    }

    private func makeRange(_ arguments: Arguments) throws(TemplateError) -> Value {
        let numbers = arguments.positional.compactMap(\.int)
        guard arguments.named.isEmpty, (1...3).contains(numbers.count), numbers.count == arguments.positional.count
        else {
            throw .fault("'range' takes one to three whole numbers")
        }
        let (start, stop) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
        let step = numbers.count == 3 ? numbers[2] : 1
        if step == 0 { throw .fault("a range with step 0") }
        let (distance, overflows) =
            step > 0 ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        let goesOn = step > 0 ? stop > start : stop < start
        let count = !goesOn ? 0 : overflows ? UInt.max : UInt(distance - 1) / step.magnitude + 1
        if count > UInt(limits.listItemsMax) { throw .limit(name: "listItemsMax", value: limits.listItemsMax) }
        return .range(RangeValue(start: start, stop: stop, step: step, count: Int(count)))
    }

    /// The arguments of `dict(…)`: a dictionary or pairs, then names.
    private func dictMembers(_ arguments: Arguments) throws(TemplateError) -> DictMembers {
        var members = DictMembers()
        if arguments.positional.count > 1 { throw .fault("'dict' takes one value and names") }
        switch arguments.positional.first {
        case nil: break
        case .dict(let dict):
            for (key, value) in zip(dict.keys, dict.values) {
                try charge(1)
                try chargeKey(key)
                try members.set(key, value)
            }
        case .some(let value):
            for pair in try elements(of: value) {
                let parts = try elements(of: pair)
                if parts.count != 2 { throw .fault("'dict' needs pairs") }
                try chargeKey(parts[0])
                try members.set(parts[0], parts[1])
            }
        }
        for (name, value) in arguments.named { try members.set(.trusted(name), value) }
        return members
    }
}
