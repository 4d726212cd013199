/// Tells what is no text in any encoding of bytes.
enum BinaryData {
    /// More of the bytes than this are control characters.
    private static let controlShareMax = 0.02

    static func isLike(_ bytes: [UInt8]) -> Bool {
        var controls = 0
        for byte in bytes where byte < 0x20 && (byte < 0x09 || byte > 0x0D) && byte != 0x1B { controls += 1 }
        return Double(controls) > controlShareMax * Double(bytes.count)
    }
}
