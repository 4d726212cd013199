import Foundation
import JSON
import Washing

/// How a corpus was washed, as its manifest and recipe say: every document of it has passed these steps.
package struct WashingNote: Sendable, Equatable {
    package var recipe: String
    package var sha256: String
    /// The recipe's sections, in their order.
    package var steps: [String]
    /// The recipe itself, whose rules can be asked again; nil in indexes that were made before it was kept.
    package var recipeText: String?

    private static let format = "danlu-corpus-1"
    private static let bytesMax = 64 << 20

    /// Nil for text that `danlu clean` did not write.
    ///
    /// - Parameter corpus: the folder of the washing, or one in it.
    init?(corpus: String) {
        let folder = URL(filePath: corpus).standardizedFileURL
        for place in [
            folder, folder.deletingLastPathComponent(), folder.deletingLastPathComponent().deletingLastPathComponent(),
        ] {
            guard let data = Self.read(place.appending(path: "manifest.json")),
                let json = try? JSONValue(parsing: data),
                json["format"]?.string == Self.format
            else { continue }
            recipe = json["recipe"]?.string ?? ""
            sha256 = json["recipeSha256"]?.string ?? ""
            recipeText = Self.read(place.appending(path: "recipe.toml")).flatMap { data in
                data.count <= WashingLimits().recipeBytesMax ? String(validating: data, as: UTF8.self) : nil
            }
            steps = (recipeText ?? "").split(whereSeparator: \.isNewline).compactMap { line in
                guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return nil }
                let name = line[line.index(after: line.startIndex)..<end]
                return name.contains(".") ? nil : String(name)
            }
            return
        }
        return nil
    }

    private static func read(_ file: URL) -> Data? {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return nil }
        defer { try? handle.close() }
        return try? handle.read(upToCount: bytesMax)
    }

    /// Without the recipe's text, which readers of a trace can do without.
    package var json: JSONValue {
        ["recipe": .string(recipe), "sha256": .string(sha256), "steps": .array(steps.map { .string($0) })]
    }

    var stored: JSONValue {
        guard var object = json.object else { return json }
        object["recipe_text"] = recipeText.map { .string($0) }
        return .object(object)
    }

    /// The recipe's rules; nil where they are not known, or this program reads other recipes.
    package func rules() -> PassedRules? { recipeText.flatMap { try? PassedRules(recipe: $0) } }

    init?(_ json: JSONValue) {
        guard let recipe = json["recipe"]?.string, let sha256 = json["sha256"]?.string,
            let steps = json["steps"]?.array
        else { return nil }
        self.recipe = recipe
        self.sha256 = sha256
        self.steps = steps.compactMap(\.string)
        recipeText = json["recipe_text"]?.string
    }
}
