/// Runs of certain bytes become pieces, and so does what lies between them.
///
/// Steps that follow a ByteLevel step see its stand-ins for bytes. Of those Hugging Face's Digits also takes the ones
/// that look like numbers, ² ³ ¹ ¼ ½ ¾, for bytes B2 B3 B9 BC BD BE: pieces may end inside a scalar, so nothing that
/// reads scalars can follow.
struct ByteRunPattern: Sendable, Equatable {
    private let isMember: [Bool]
    private let bytesMin: Int
    private let bytesMax: Int

    static func digits(max: Int) -> ByteRunPattern {
        ByteRunPattern(Set(0x30...0x39).union([0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE]), 1, max)
    }

    static let threeDigits = ByteRunPattern(Set(0x30...0x39), 3, 3)

    private init(_ members: Set<UInt8>, _ bytesMin: Int, _ bytesMax: Int) {
        isMember = (0..<256).map { members.contains(UInt8($0)) }
        self.bytesMin = bytesMin
        self.bytesMax = bytesMax
    }

    func end(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        if let end = match(text, start, limit) { return end }
        var i = start + 1
        while i < limit, match(text, i, limit) == nil { i += 1 }
        return i
    }

    private func match(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int? {
        var i = start
        while i < limit, i - start < bytesMax, isMember[Int(text[i])] { i += 1 }
        return i - start >= bytesMin ? i : nil
    }
}
