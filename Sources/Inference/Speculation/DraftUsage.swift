/// What a draft model takes.
struct DraftUsage: Sendable {
    /// Since the start.
    var seconds = 0.0
    var pagesUsed = 0
    var pagesTotal = 0
}
