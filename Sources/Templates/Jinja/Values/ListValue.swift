/// A list, a tuple, or a dictionary's view of its keys, values or items.
final class ListValue {
    enum Kind: String {
        case list, tuple
        case keys = "dict_keys"
        case values = "dict_values"
        case items = "dict_items"

        /// A view can be counted and walked, not indexed.
        var isView: Bool { self != .list && self != .tuple }
    }

    let items: [Value]
    let kind: Kind
    /// False for what came with the messages: brackets and quotes printed of it are not the template's.
    let isTrusted: Bool
    let depth: Int

    init(_ items: [Value], _ kind: Kind = .list, isTrusted: Bool) {
        self.items = items
        self.kind = kind
        self.isTrusted = isTrusted
        depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
    }
}

/// Python's `range`, never written out.
struct RangeValue {
    let start: Int
    let stop: Int
    let step: Int
    let count: Int

    subscript(index: Int) -> Int { start + index * step }
}

/// What filters such as `map` and `select` give: it can be walked once, and printed or counted never.
///
/// The items are computed at once; Python computes them when asked. A template sees the difference only where an item
/// that nobody asks for is an error.
final class IteratorValue {
    private let items: [Value]
    private var position = 0
    let depth: Int

    init(_ items: [Value]) {
        self.items = items
        depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
    }

    func next() -> Value? {
        if position == items.count { return nil }
        position += 1
        return items[position - 1]
    }

    func rest() -> [Value] {
        defer { position = items.count }
        return Array(items[position...])
    }
}
