package struct ConversationError: Error, Equatable, CustomStringConvertible {
    package var place: String
    package var expected: String

    package var description: String {
        Language.text(zh: "\(place)：应为 \(expected)", en: "\(place): \(expected) is expected")
    }
}
