import Kernels

extension SplitMix64 {
    /// So many of some elements, each at most once, in their own order.
    mutating func sample<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        guard count < elements.count else { return elements }
        return elements.indices.shuffled(using: &self).prefix(count).sorted().map { elements[$0] }
    }
}
