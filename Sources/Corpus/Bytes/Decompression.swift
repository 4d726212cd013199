/// What lies in a file, compressed or not; its first bytes say which.
enum Decompression {
    static func open(_ bytes: any ByteSource, path: String, limits: CorpusLimits) throws(CorpusError) -> any ByteSource
    {
        let peeked = PeekedBytes(bytes)
        let start = try peeked.peek()
        if start.starts(with: [0x1F, 0x8B]) {
            return ExpansionGuard(try GzipBytes(peeked, path: path), path: path, limits: limits)
        }
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            return ExpansionGuard(try ZstdBytes(peeked, path: path), path: path, limits: limits)
        }
        return peeked
    }
}
