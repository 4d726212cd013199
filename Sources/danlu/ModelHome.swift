import Foundation
import Hub
import Weights

/// The catalogue in this program and the models it finds.
enum ModelHome {
    static func catalogue() throws -> Catalogue { try Catalogue(json: PackageResources.catalogue_json) }
    static func library() throws -> Library { Library(catalogue: try catalogue()) }

    /// Turns `--model` into what to open; `nil` is the default model.
    static func resolve(_ text: String?) throws -> String { try library().resolve(text).path }

    /// Hashes of models, which take a while for large ones.
    static let contentSums = ContentSums(path: Hub.Home.fromEnvironment.folder.appending(path: "sums.json").path)

    /// Bytes in the largest fitting unit, binary.
    static func size(_ bytes: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(max(0, bytes))
        var unit = 0
        while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return unit == 0 ? "\(bytes) B" : String(format: value < 10 ? "%.2f %@" : "%.1f %@", value, units[unit])
    }
}
