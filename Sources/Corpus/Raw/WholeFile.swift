/// All bytes of a source that is read as a whole.
enum WholeFile {
    /// Up to `CorpusLimits.documentBytesMax`: more is cut off, and noted. So is what a damaged end makes unreadable.
    static func read(
        _ bytes: any ByteSource, _ faults: inout FaultLog, _ limits: CorpusLimits
    ) throws(CorpusError) -> [UInt8] {
        var whole: [UInt8] = []
        do throws(CorpusError) {
            while let piece = try bytes.next() {
                guard piece.count <= limits.documentBytesMax - whole.count else {
                    whole += piece.prefix(limits.documentBytesMax - whole.count)
                    faults.note("after \(whole.count) bytes", "longer than \(limits.documentBytesMax) bytes; cut there")
                    break
                }
                if whole.isEmpty { whole = piece } else { whole += piece }
            }
        } catch {
            if case .cannotRead = error { throw error }
            faults.note(error)
        }
        return whole
    }
}
