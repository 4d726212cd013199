/// A compressed file of members, each of which can be read by itself from where it begins.
protocol MemberWriter: AnyObject {
    /// Bytes written, all of which belong to members that have ended once `endMember` was called.
    var byteCount: Int { get }

    func write(_ bytes: [UInt8]) throws(WashingError)
    func endMember() throws(WashingError)

    /// The SHA-256 in hex, where the file is hashed.
    func close() throws(WashingError) -> String
}

extension GzipWriter: MemberWriter {}

/// A file that is not compressed: members are where they are.
extension FileWriter: MemberWriter {
    func endMember() throws(WashingError) {}
}
