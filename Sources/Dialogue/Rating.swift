/// What a reader thought of one answer.
public struct Rating: Sendable, Hashable {
    public enum Thumb: Int, Sendable, Hashable, Codable {
        case down = -1
        case up = 1
    }

    public var thumb: Thumb
    public var comment: String

    public init(thumb: Thumb, comment: String = "") {
        self.thumb = thumb
        self.comment = comment
    }
}
