import Foundation

/// What comes through a pipe, put into a file for those that must read it from its end; gone with the object.
final class SpooledFile {
    let path: String

    /// - Throws: `CorpusError.passedOver` where there is more than `bytesMax`.
    init(_ bytes: any ByteSource, name: String, bytesMax: Int) throws(CorpusError) {
        var template = Array((FileManager.default.temporaryDirectory.path + "/danlu-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        path = template.withUnsafeBufferPointer { $0.baseAddress.map(String.init(cString:)) ?? "" }
        guard descriptor >= 0 else { throw .cannotRead(path: name, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var left = bytesMax
        while let piece = try bytes.next() {
            left -= piece.count
            guard left >= 0 else { throw .passedOver(file: name, place: "", reason: "longer than \(bytesMax) bytes") }
            var done = 0
            while done < piece.count {
                let count = piece.withUnsafeBytes {
                    write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .cannotRead(path: name, reason: String(cString: strerror(errno))) }
                done += count
            }
        }
    }

    deinit { unlink(path) }
}
