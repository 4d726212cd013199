/// The one thing a template may change from inside a loop.
///
/// Namespaces and scopes can refer to each other in a circle. The renderer keeps each and empties them when it is done
/// (`Renderer.release`), so that no circle outlives a rendering.
final class NamespaceValue {
    var members: [(name: Text, value: Value)] = []

    subscript(name: Text) -> Value? {
        get { members.first { $0.name == name }?.value }
        set {
            guard let newValue else { return }
            if let place = members.firstIndex(where: { $0.name == name }) {
                members[place].value = newValue
            } else {
                members.append((name, newValue))
            }
        }
    }
}
