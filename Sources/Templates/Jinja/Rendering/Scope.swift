/// The variables of one running scope. nil is a variable that has no value yet.
///
/// A loop has one scope for all its turns and resets it at each, as Jinja does: a macro that was made inside the loop
/// sees the turn that runs, not the one that made it.
final class Scope {
    let layout: ScopeLayout
    let parent: Scope?
    var values: [Value?]

    init(_ layout: ScopeLayout, in parent: Scope?) {
        self.layout = layout
        self.parent = parent
        values = Array(repeating: nil, count: layout.symbols.count)
    }
}
