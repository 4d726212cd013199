import Foundation

/// Our own files of JSON: keys in order, so that the same content is the same bytes.
enum WashingJSON {
    private static let bytesMax = 1 << 30

    static func encode(_ value: some Encodable, isPretty: Bool = true) throws(WashingError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            isPretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return Array(try encoder.encode(value)) + [0x0A] } catch {
            throw .file(operation: "encode", path: "\(type(of: value))", reason: "\(error)")
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from path: String) throws(WashingError) -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return try decoder.decode(type, from: Data(try WashingFiles.read(path, bytesMax: bytesMax))) } catch {
            if let error = error as? WashingError { throw error }
            throw .damaged(path: path, expected: "\(type) as JSON", actual: "\(error)")
        }
    }
}
