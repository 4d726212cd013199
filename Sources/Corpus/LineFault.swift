/// What is wrong with a line.
struct LineFault: Error, Equatable {
    /// The member of a JSON object; empty for the line as a whole.
    var field = ""
    var reason: String
}
