/// Why a page gives no text.
package enum ExtractionError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLong(bytes: Int, bytesMax: Int)
    /// Nothing is left that is not navigation and its like.
    case noText

    package var description: String {
        switch self {
        case .tooLong(let bytes, let bytesMax): "the page has \(bytes) bytes, the limit is \(bytesMax)"
        case .noText: "the page has no main text: nothing but navigation, lists of links and their like"
        }
    }
}
