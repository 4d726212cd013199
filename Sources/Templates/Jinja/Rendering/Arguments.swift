/// The evaluated arguments of a call.
struct Arguments {
    var positional: [Value] = []
    var named: [(name: String, value: Value)] = []

    var isEmpty: Bool { positional.isEmpty && named.isEmpty }

    /// The arguments by parameter, in the parameters' order; nil for those not given.
    ///
    ///     let (width, first) = …bind(["width", "first"], of: "indent")
    func bind(_ parameters: [String], of function: String, required: Int = 0) throws(TemplateError) -> [Value?] {
        if positional.count > parameters.count {
            throw .fault("'\(function)' takes \(parameters.count) arguments, not \(positional.count)")
        }
        var values = positional.map(Optional.some) + Array(repeating: nil, count: parameters.count - positional.count)
        for (name, value) in named {
            guard let place = parameters.firstIndex(of: name) else {
                throw .fault("'\(function)' has no argument '\(name)'")
            }
            if values[place] != nil { throw .fault("'\(function)' gets its argument '\(name)' twice") }
            values[place] = value
        }
        if let missing = values.prefix(required).firstIndex(where: { $0 == nil }) {
            throw .fault("'\(function)' needs its argument '\(parameters[missing])'")
        }
        return values
    }
}

extension Renderer {
    @inline(never)
    func evaluate(_ arguments: CallArguments) throws(TemplateError) -> Arguments {
        var values = Arguments(positional: try evaluate(arguments.positional))
        for argument in arguments.named {
            if values.named.contains(where: { $0.name == argument.name }) {
                throw .fault("the argument '\(argument.name)' is given twice")
            }
            values.named.append((argument.name, try evaluate(argument.value)))
        }
        if let spread = arguments.spread { values.positional += try elements(of: try evaluate(spread)) }
        if let spread = arguments.namedSpread {
            guard case .dict(let dict) = try evaluate(spread) else { throw .fault("'**' needs a dictionary") }
            for (key, value) in zip(dict.keys, dict.values) {
                guard let name = key.text?.string else { throw .fault("'**' needs names for keys, not \(key.kind)") }
                if values.named.contains(where: { $0.name == name }) {
                    throw .fault("the argument '\(name)' is given twice")
                }
                values.named.append((name, value))
                try charge(1 + values.named.count / 4)
            }
        }
        return values
    }
}
