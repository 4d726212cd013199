/// Why a resource of this target could not be used. A program that was installed whole never sees one.
package enum LanguagesError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The folder of resources that belongs beside the program is not there.
    case resourceMissing(name: String)
    /// A resource is not what the program was built with.
    case resourceBroken(name: String, field: String, reason: String)

    package var description: String {
        switch self {
        case .resourceMissing(let name):
            "the resource \(name) is not beside the program; keep danlu_Languages.resources in the folder of danlu"
        case .resourceBroken(let name, let field, let reason):
            "the resource \(name) is broken (\(field): \(reason)); install the program again"
        }
    }
}
