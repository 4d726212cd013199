import Foundation
import Tokens

/// The metadata of a GGUF file, read just well enough to make a tokenizer of it.
///
/// Weights has the reader that checks everything; this one is for files that are known to be good, and leaves the tests
/// of this target without the target that maps files.
struct VocabularyFile: TokenizerMetadata {
    private var values: [String: Any] = [:]
    private var data: Data
    private var position = 0

    init(path: String) throws {
        data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        guard number(UInt32.self) == 0x4655_4747, number(UInt32.self) >= 2 else {
            throw CocoaError(.fileReadCorruptFile)
        }
        _ = number(UInt64.self)
        for _ in 0..<number(UInt64.self) {
            let key = text()
            values[key] = value(number(UInt32.self))
        }
    }

    func string(_ key: String) -> String? { values[key] as? String }
    func strings(_ key: String) -> [String]? { values[key] as? [String] }
    func floats(_ key: String) -> [Float]? { (values[key] as? [Any])?.compactMap { $0 as? Float } }
    func ints(_ key: String) -> [Int]? { values[key] as? [Int] }
    func bool(_ key: String) -> Bool? { values[key] as? Bool }
    func int(_ key: String) -> Int? { values[key] as? Int }

    private mutating func number<T: FixedWidthInteger>(_ type: T.Type) -> T {
        defer { position += MemoryLayout<T>.size }
        return data.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: T.self)) }
    }

    private mutating func text() -> String {
        let count = Int(number(UInt64.self))
        defer { position += count }
        return String(decoding: data[position..<position + count], as: UTF8.self)
    }

    private mutating func value(_ type: UInt32) -> Any {
        switch type {
        case 0: Int(number(UInt8.self))
        case 1: Int(number(Int8.self))
        case 2: Int(number(UInt16.self))
        case 3: Int(number(Int16.self))
        case 4: Int(number(UInt32.self))
        case 5: Int(number(Int32.self))
        case 6: Float(bitPattern: number(UInt32.self))
        case 7: number(UInt8.self) != 0
        case 8: text()
        case 9: array()
        case 10: Int(truncatingIfNeeded: number(UInt64.self))
        case 11: Int(number(Int64.self))
        default: Double(bitPattern: number(UInt64.self))
        }
    }

    private mutating func array() -> Any {
        let type = number(UInt32.self)
        let count = Int(number(UInt64.self))
        if type == 8 { return (0..<count).map { _ in text() } }
        if type < 6 { return (0..<count).compactMap { _ in value(type) as? Int } }
        return (0..<count).map { _ in value(type) }
    }
}
