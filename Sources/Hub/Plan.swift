/// All that a source gives: files as they are, or wheels whose members are joined into one file.
struct Plan: Sendable {
    enum Kind: Sendable {
        case files
        case joined(into: String, members: [String?])
    }

    var files: [RemoteFile]
    var kind: Kind = .files
    /// Other files that could have been chosen.
    var others: [String] = []
}
