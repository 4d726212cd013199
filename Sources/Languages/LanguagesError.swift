/// Why a resource of this target, or a model that was named, could not be used.
package enum LanguagesError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The folder of resources that belongs beside the program is not there.
    case resourceMissing(name: String)
    /// A resource is not what the program was built with.
    case resourceBroken(name: String, field: String, reason: String)
    /// A segmentation model cannot be read.
    case modelMissing(path: String)
    /// A file is no segmentation model, or broken.
    case modelBroken(path: String, field: String, reason: String)

    package var description: String {
        switch self {
        case .resourceMissing(let name):
            "the resource \(name) is not beside the program; keep danlu_Languages.resources in the folder of danlu"
        case .resourceBroken(let name, let field, let reason):
            "the resource \(name) is broken (\(field): \(reason)); install the program again"
        case .modelMissing(let path): "cannot read the segmentation model \(path)"
        case .modelBroken(let path, let field, let reason):
            "\(path) is no segmentation model (\(field): \(reason)); danlu clean segment --train makes one"
        }
    }
}
