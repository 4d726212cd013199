/// Reads a resource from its front, checking every length.
struct ByteReader {
    private let bytes: [UInt8]
    private let name: String
    private var place = 0

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    mutating func take(_ count: Int) throws(LanguagesError) -> ArraySlice<UInt8> {
        try check(count)
        defer { place += count }
        return bytes[place..<place + count]
    }

    private func check(_ count: Int) throws(LanguagesError) {
        guard count >= 0, count <= bytes.count - place else {
            throw broken("length", "\(count) bytes wanted at \(place) of \(bytes.count)")
        }
    }

    mutating func byte() throws(LanguagesError) -> UInt8 {
        try check(1)
        defer { place += 1 }
        return bytes[place]
    }

    mutating func short() throws(LanguagesError) -> UInt16 {
        try check(2)
        defer { place += 2 }
        return UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
    }

    mutating func integer() throws(LanguagesError) -> UInt32 {
        let low = UInt32(try short())
        return low | UInt32(try short()) << 16
    }

    mutating func float() throws(LanguagesError) -> Float { Float(bitPattern: try integer()) }

    mutating func double() throws(LanguagesError) -> Double {
        Double(bitPattern: UInt64(try integer()) | UInt64(try integer()) << 32)
    }

    func broken(_ field: String, _ reason: String) -> LanguagesError {
        .resourceBroken(name: name, field: field, reason: reason)
    }
}
