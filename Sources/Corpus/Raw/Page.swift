/// HTML as it comes: its encoding is found, and told by `<meta charset>` only where nothing better is.
enum Page {
    /// Bytes at the beginning in which a page may name its encoding; the standard says 1024, pages are late.
    private static let prologueBytes = 4096

    static func document(
        _ bytes: [UInt8], label: String?, forced: TextEncoding? = nil, place: String, metadata: [String: String] = [:],
        _ faults: inout FaultLog
    ) -> RawDocument? {
        guard !bytes.isEmpty else { return nil }
        let (text, broken) = LineRepair.decode(bytes, label: label ?? charset(bytes), forced: forced)
        // Looked at when it is decoded: every other byte of UTF-16 is 0.
        guard !BinaryData.isLike(text) else {
            faults.note(place, "binary data, no text")
            return nil
        }
        if broken * 20 > text.count {
            faults.note(place, "\(broken) of \(bytes.count) bytes are no text in any encoding")
            return nil
        }
        return RawDocument(bytes: text, isHTML: true, place: place, metadata: metadata)
    }

    /// What stands after `charset=` near the beginning.
    static func charset(_ bytes: [UInt8]) -> String? {
        let key = Array("charset".utf8)
        let start = bytes.prefix(prologueBytes).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        var index = 0
        while index + key.count < start.count {
            guard start[index] == key[0], start[index..<(index + key.count)].elementsEqual(key) else {
                index += 1
                continue
            }
            let isFiller: (UInt8) -> Bool = { $0 == 0x3D || $0 <= 0x20 || $0 == 0x22 || $0 == 0x27 }
            let name = start[(index + key.count)...].drop(while: isFiller).prefix {
                $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D || $0 == 0x5F
            }
            if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
            index += key.count
        }
        return nil
    }
}
