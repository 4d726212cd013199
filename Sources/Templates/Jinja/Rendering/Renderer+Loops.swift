extension Renderer {
    @inline(never)
    func runLoop(_ loop: LoopStatement) throws(TemplateError) -> Flow {
        let items = try elements(of: try evaluate(loop.iterable))
        if !loop.isRecursive { return try turn(loop, items, depth0: 0) }
        keep(scope)
        try write(try capture { () throws(TemplateError) in _ = try turn(loop, items, depth0: 0) })
        return .through
    }

    /// `loop(items)` inside a recursive `for`: the same loop over other items, one deeper.
    @inline(never)
    func recurse(_ state: LoopState, _ items: Value) throws(TemplateError) -> Value {
        try enter()
        defer { leave() }
        guard let (loop, outer) = state.recursion else { throw .fault("this loop is not recursive") }
        let items = try elements(of: items)
        let (scope, line) = (self.scope, self.line)
        defer { (self.scope, self.line) = (scope, line) }
        self.scope = outer
        return .string(
            try capture { () throws(TemplateError) in _ = try turn(loop, items, depth0: state.depth0 + 1) })
    }

    /// All turns of a loop, and its `else`, which alone can end in a `break` (of the loop outside).
    private func turn(_ loop: LoopStatement, _ items: [Value], depth0: Int) throws(TemplateError) -> Flow {
        let outer = scope
        defer { scope = outer }
        let body = Scope(program.scopes[loop.scopes.body], in: outer)
        let test = loop.test == nil ? nil : Scope(program.scopes[loop.scopes.test], in: outer)
        let items = loop.usesLoop ? try passing(items, loop, test) : items
        let state = LoopState(items: items, depth0: depth0, recursion: loop.isRecursive ? (loop, outer) : nil)
        let statePlace = loop.usesLoop ? body.layout.place(of: KnownName.loop) : nil
        var completed = false
        for (index, item) in items.enumerated() {
            if !loop.usesLoop, let test, try !passes(item, loop, test) { continue }
            state.index = index
            scope = body
            try start(body)
            if let statePlace { body.values[statePlace] = .loop(state) }
            try assign(loop.target, item)
            line = loop.line
            let flow = try run(loop.body)
            if flow == .breaks { break }
            // A turn that `continue` ends does not count for `else`; Jinja has it so.
            if flow == .through { completed = true }
        }
        for place in body.values.indices { body.values[place] = nil }
        scope = outer
        if completed || loop.otherwise.isEmpty { return .through }
        var flow = Flow.through
        try inScope(loop.scopes.otherwise) { () throws(TemplateError) in flow = try run(loop.otherwise) }
        return flow
    }

    private func passing(_ items: [Value], _ loop: LoopStatement, _ test: Scope?) throws(TemplateError) -> [Value] {
        guard let test else { return items }
        var passing: [Value] = []
        for item in items where try passes(item, loop, test) { passing.append(item) }
        return passing
    }

    private func passes(_ item: Value, _ loop: LoopStatement, _ test: Scope) throws(TemplateError) -> Bool {
        guard let condition = loop.test else { return true }
        let outer = scope
        defer { scope = outer }
        scope = test
        try start(test)
        try assign(loop.target, item)
        return try evaluate(condition).isTrue
    }

    /// The items of anything that can be walked.
    func elements(of value: Value) throws(TemplateError) -> [Value] {
        switch value {
        case .undefined: return []
        case .list(let list):
            try charge(list.items.count)
            return list.items
        case .dict(let dict):
            try charge(dict.count)
            return dict.keys
        case .string(let text):
            try checkList(text.count)
            var plain = text
            plain.isMarkup = false
            return plain.scalars.indices.map { .string(plain[$0..<$0 + 1]) }
        case .range(let range):
            try checkList(range.count)
            return (0..<range.count).map { .int(range[$0]) }
        case .iterator(let iterator):
            let items = iterator.rest()
            try charge(items.count)
            return items
        default: throw .fault("\(value.kind) cannot be walked item by item")
        }
    }
}
