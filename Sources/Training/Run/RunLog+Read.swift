import Foundation
import JSON

extension RunFolder {
    /// Lines of the log in their order; those that are not JSON objects are passed over. A step that was trained twice,
    /// before a crash and after it, is there twice: the last one counts.
    ///
    /// - Throws: `TrainingError.file` when there is a log and it cannot be read.
    package func log() throws(TrainingError) -> [JSONObject] {
        guard Files.exists(logPath) else { return [] }
        let bytes = try Files.read(logPath, bytesMax: Self.logBytesMax)
        return bytes.split(separator: 0x0A).compactMap { (try? JSONValue(parsing: $0))?.object }
    }

    /// A line is 200 bytes or so: ten million steps.
    package static let logBytesMax = 2 << 30
}
