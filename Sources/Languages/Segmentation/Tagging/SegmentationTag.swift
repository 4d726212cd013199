/// Where in its word a sign stands.
enum SegmentationTag: Int, CaseIterable {
    case begin, middle, end, single

    /// The tags of a word of `count` signs.
    static func of(_ place: Int, in count: Int) -> SegmentationTag {
        if count == 1 { return .single }
        return place == 0 ? .begin : place == count - 1 ? .end : .middle
    }
}
