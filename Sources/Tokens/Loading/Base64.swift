import Foundation

enum Base64 {
    static func decode(_ text: String) throws(TokensError) -> [UInt8] {
        guard let data = Data(base64Encoded: text) else {
            throw .malformed(what: "precompiled_charsmap", expected: "base64", found: String(text.prefix(40)))
        }
        return Array(data)
    }
}
