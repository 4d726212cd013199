/// The variable `loop` inside a `for`.
final class LoopState {
    let items: [Value]
    /// How many loops of a recursive `for` stand around this one.
    let depth0: Int
    /// The `for` that `loop(…)` enters again, when it is recursive, and the scope it stands in.
    let recursion: (statement: LoopStatement, scope: Scope)?
    var index = 0
    /// What `loop.changed` was last given.
    var lastChanged: [Value]?

    init(items: [Value], depth0: Int, recursion: (statement: LoopStatement, scope: Scope)?) {
        self.items = items
        self.depth0 = depth0
        self.recursion = recursion
    }

    /// nil for what a loop does not have.
    func member(_ name: String) -> Value? {
        switch name {
        case "index": .int(index + 1)
        case "index0": .int(index)
        case "revindex": .int(items.count - index)
        case "revindex0": .int(items.count - index - 1)
        case "first": .bool(index == 0)
        case "last": .bool(index == items.count - 1)
        case "length": .int(items.count)
        case "depth": .int(depth0 + 1)
        case "depth0": .int(depth0)
        case "previtem": index > 0 ? items[index - 1] : .undefined(Undefined(name: name, owner: "the first turn"))
        case "nextitem":
            index + 1 < items.count ? items[index + 1] : .undefined(Undefined(name: name, owner: "the last turn"))
        case "cycle": .function(FunctionValue(.loopCycle(self)))
        case "changed": .function(FunctionValue(.loopChanged(self)))
        default: nil
        }
    }
}
