import CZlib
import Foundation

/// Files that are shipped with the program, compressed by zlib behind eight bytes of length (little-endian).
package enum CompressedResource {
    /// No resource is larger than this when inflated.
    static let bytesMax = 64 << 20

    static func inflated(_ name: String) throws(LanguagesError) -> [UInt8] {
        guard let url = Bundle.module.url(forResource: "Resources/" + name, withExtension: nil),
            let file = try? Data(contentsOf: url)
        else { throw .resourceMissing(name: name) }
        return try inflated(Array(file), name: name)
    }

    package static func inflated(_ file: [UInt8], name: String) throws(LanguagesError) -> [UInt8] {
        guard file.count > 8 else { throw .resourceBroken(name: name, field: "length", reason: "\(file.count) bytes") }
        let length = file[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= bytesMax else {
            throw .resourceBroken(name: name, field: "length", reason: "\(length) of at most \(bytesMax) bytes")
        }
        var status = Z_OK
        var found = uLongf(length)
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, used in
            file.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
                status = uncompress(to, &found, from + 8, uLong(source.count - 8))
            }
            used = status == Z_OK ? Int(found) : 0
        }
        guard status == Z_OK, found == length else {
            throw .resourceBroken(name: name, field: "data", reason: "zlib says \(status)")
        }
        return bytes
    }

    /// What `inflated` reads.
    static func deflated(_ bytes: [UInt8], name: String) throws(LanguagesError) -> [UInt8] {
        var status = Z_OK
        var size = compressBound(uLong(bytes.count))
        let packed = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, used in
            status = compress2(buffer.baseAddress, &size, bytes, uLong(bytes.count), 9)
            used = status == Z_OK ? Int(size) : 0
        }
        guard status == Z_OK else { throw .resourceBroken(name: name, field: "data", reason: "zlib says \(status)") }
        return (0..<8).map { UInt8(truncatingIfNeeded: UInt64(bytes.count) >> ($0 * 8)) } + packed
    }
}
