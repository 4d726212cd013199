import Foundation
import JSON
import Kernels

/// A folder that holds a model's files.
struct ModelFolder: Sendable {
    let path: String

    static func exists(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    func path(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// The names of what is in the folder but hidden files, in order.
    func names() throws(WeightsError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw context().cannotOpen("a folder that cannot be listed: \(error.localizedDescription)")
        }
    }

    /// The bytes of a file of limited size, or nil when there is none of that name.
    func bytes(_ name: String, _ limit: String, _ maximum: Int) throws(WeightsError) -> ByteView? {
        guard has(name) else { return nil }
        let context = context(name)
        let bytes = try context.map()
        guard bytes.count <= maximum else {
            throw context.overLimit("", limit, maximum, actual: "\(bytes.count) bytes")
        }
        return bytes
    }

    /// The text of a file of limited size, or nil when there is none of that name.
    func text(_ name: String, _ limits: WeightsLimits) throws(WeightsError) -> String? {
        guard let bytes = try bytes(name, "configurationBytesMax", limits.configurationBytesMax) else { return nil }
        guard let text = bytes.validText else {
            throw context(name).malformed("", expected: "text in UTF-8", actual: "other bytes")
        }
        return text
    }

    /// The JSON object of a file of limited size, or nil when there is none of that name.
    func object(_ name: String, _ limits: WeightsLimits) throws(WeightsError) -> JSONValue? {
        try object(name, "configurationBytesMax", limits.configurationBytesMax, limits)
    }

    func object(
        _ name: String, _ limit: String, _ maximum: Int, _ limits: WeightsLimits
    ) throws(WeightsError) -> JSONValue? {
        guard let bytes = try bytes(name, limit, maximum) else { return nil }
        let value = try context(name).json(bytes, "", JSONLimits(depthMax: limits.jsonDepthMax, bytesMax: maximum))
        guard value.object != nil else {
            throw context(name).malformed("", expected: "a JSON object", actual: value.kind)
        }
        return value
    }

    /// - Parameter name: of a file, or empty for the folder itself.
    func context(_ name: String = "") -> FileContext {
        name.isEmpty
            ? FileContext(operation: "read the model's folder", file: path)
            : FileContext(operation: "read", file: path(name))
    }
}
