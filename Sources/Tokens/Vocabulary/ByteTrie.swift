/// Byte strings by their prefixes; edges are in a hash table under node << 8 | byte.
struct ByteTrie: Sendable {
    private var edges = PairTable(capacity: 64)
    private var values: [Int32] = [-1]

    var root: UInt64 { 0 }

    /// Stores a value unless the bytes have one.
    mutating func insert(_ bytes: some Collection<UInt8>, _ value: Int32) {
        guard !bytes.isEmpty else { return }
        var node = root
        for byte in bytes {
            let key = node << 8 | UInt64(byte)
            var child = edges.find(key)
            if child == PairTable.absent {
                child = UInt64(values.count)
                values.append(-1)
                edges.insert(key, child)
            }
            node = child
        }
        if values[Int(node)] < 0 { values[Int(node)] = value }
    }

    /// The node after a byte, or nil.
    @inline(__always)
    func step(_ node: UInt64, _ byte: UInt8) -> UInt64? {
        let child = edges.find(node << 8 | UInt64(byte))
        return child == PairTable.absent ? nil : child
    }

    /// The value of the bytes that led to a node, or nil.
    @inline(__always)
    func value(_ node: UInt64) -> Int32? { values[Int(node)] < 0 ? nil : values[Int(node)] }

    /// The value of exactly these bytes.
    func find(_ bytes: some Collection<UInt8>) -> Int32? {
        var node = root
        for byte in bytes {
            guard let child = step(node, byte) else { return nil }
            node = child
        }
        return value(node)
    }
}
