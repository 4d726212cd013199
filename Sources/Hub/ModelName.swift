/// A model's name that is safe as a folder: letters, digits and `. _ + -`, not starting with a dot.
public struct ModelName: Sendable, Hashable, CustomStringConvertible {
    public let text: String
    static let charactersMax = 128

    public init(_ text: String) throws(HubError) {
        guard !text.isEmpty, text.utf8.count <= Self.charactersMax else {
            throw .invalidName(text, reason: "1 to \(Self.charactersMax) characters")
        }
        guard text.utf8.allSatisfy(Self.allows) else {
            throw .invalidName(text, reason: "letters, digits and . _ + - only")
        }
        guard text.utf8.first != UInt8(ascii: "."), text.utf8.first != UInt8(ascii: "-") else {
            throw .invalidName(text, reason: "it starts with a dot or dash")
        }
        self.text = text
    }

    /// The nearest allowed name: lower case, other characters become dashes.
    public init(deriving text: String) throws(HubError) {
        let mapped = text.lowercased().utf8.map { Self.allows($0) ? $0 : UInt8(ascii: "-") }
        try self.init(String(decoding: mapped.drop { $0 == 46 || $0 == 45 }.prefix(Self.charactersMax), as: UTF8.self))
    }

    public var description: String { text }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 43, 45, 46, 95: true
        default: false
        }
    }
}
