/// What stands after `=` in a recipe.
package enum RecipeValue: Equatable, Sendable {
    case number(Double)
    case bool(Bool)
    case text(String)
    case list([String])

    var kind: String {
        switch self {
        case .number: "a number"
        case .bool: "true or false"
        case .text: "a text in quotes"
        case .list: "a list of texts"
        }
    }
}
