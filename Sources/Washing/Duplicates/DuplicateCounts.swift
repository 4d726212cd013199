/// What a search for duplicates has found.
package struct DuplicateCounts: Equatable, Sendable {
    /// That were compared.
    package var texts = 0
    /// Of two or more that are alike.
    package var groups = 0
    /// All of the groups but one each.
    package var dropped = 0
    package var largestGroup = 0
    /// Pairs that were looked at, and of these the ones that were like enough; near duplicates only.
    package var candidates = 0
    package var confirmed = 0

    package init() {}

    mutating func add(group size: Int, copiesMin: Int = 2) {
        guard size >= copiesMin else { return }
        groups += 1
        dropped += size - 1
        largestGroup = max(largestGroup, size)
    }
}
