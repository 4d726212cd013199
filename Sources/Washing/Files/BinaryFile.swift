/// Arrays of numbers in a file, little-endian, each behind its length: models that a washing has learnt.
struct BinaryReader {
    private let bytes: [UInt8]
    private let path: String
    private var place = 0

    init(path: String, magic: String, bytesMax: Int) throws(WashingError) {
        self.path = path
        bytes = try WashingFiles.read(path, bytesMax: bytesMax)
        guard bytes.starts(with: magic.utf8) else {
            throw .damaged(path: path, expected: "a file that begins with \(magic)", actual: "something else")
        }
        place = magic.utf8.count
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(WashingError) -> Number {
        let width = Number.bitWidth / 8
        guard bytes.count - place >= width else { throw short() }
        defer { place += width }
        return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: type)) }
    }

    mutating func array<Number: FixedWidthInteger>(
        of type: Number.Type, countMax: Int
    ) throws(WashingError) -> [Number] {
        let count = Int(clamping: try number(UInt64.self))
        let width = Number.bitWidth / 8
        guard count <= countMax, count <= (bytes.count - place) / width else { throw short() }
        defer { place += count * width }
        return bytes.withUnsafeBytes { buffer in
            (0..<count).map {
                Number(littleEndian: buffer.loadUnaligned(fromByteOffset: place + $0 * width, as: type))
            }
        }
    }

    private func short() -> WashingError {
        .damaged(path: path, expected: "more bytes at \(place)", actual: "\(bytes.count)")
    }
}

extension FileWriter {
    func write(array: [some FixedWidthInteger]) throws(WashingError) {
        try write(UInt64(array.count))
        for number in array { try write(number) }
    }
}
