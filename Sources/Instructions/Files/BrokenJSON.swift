import JSON

/// Says of text that is not JSON what most likely happened to it.
enum BrokenJSON {
    static func wording(_ bytes: [UInt8], _ error: any Error) -> Wording {
        if let place = invalidUTF8(bytes) {
            let byte = String(bytes[place], radix: 16)
            return Wording(
                zh: "第 \(place + 1) 字节（0x\(byte)）不是 UTF-8：文件被截断，或是 GBK 等编码；"
                    + "请重新获取，或转换：iconv -f GBK -t UTF-8",
                en: "byte \(place + 1) (0x\(byte)) is not UTF-8: the file was cut, or has another encoding such as GBK; "
                    + "get it again, or convert it: iconv -f GBK -t UTF-8")
        }
        let hint = hint(bytes)
        let reason = (error as? JSONError).map { (place: $0.offset + 1, text: $0.reason) }
        let text = reason.map { "\($0.text)" } ?? "\(error)"
        let place = reason?.place ?? 1
        return Wording(
            zh: "不是 JSON，第 \(place) 字节：\(text)；\(hint.zh)", en: "is not JSON at byte \(place): \(text); \(hint.en)")
    }

    private static func hint(_ bytes: [UInt8]) -> Wording {
        let text = bytes.filter { !RecordReader.isSpace($0) }
        guard let first = text.first, let last = text.last else {
            return Wording(zh: "请删去空行", en: "take the empty record out")
        }
        if first != UInt8(ascii: "{"), first != UInt8(ascii: "[") {
            return Wording(zh: "每行应是一个 { … } 对象", en: "each line should be an object, { … }")
        }
        if last == UInt8(ascii: ","), text.dropLast().last == UInt8(ascii: "}") {
            return Wording(
                zh: "行末多了逗号；.jsonl 的行之间没有逗号", en: "a comma ends the line; lines of a .jsonl have none between")
        }
        if last != UInt8(ascii: "}"), last != UInt8(ascii: "]") {
            return Wording(zh: "这一行没有写完，请补全或删去", en: "the line is cut off; complete it or take it out")
        }
        if text.dropFirst().first == UInt8(ascii: "'") {
            return Wording(
                zh: "JSON 用双引号，不用单引号；Python 请用 json.dumps 写出",
                en: "JSON has double quotes, not single ones; write it with json.dumps in Python")
        }
        if text.elementsEqual([0x7B]) || text.elementsEqual([0x5B]) {
            return Wording(
                zh: "一个值占了几行；请每行一个，或把文件名改为 .json", en: "a value fills several lines; put each on one, or name the "
                    + "file .json")
        }
        return Wording(zh: "请改正这一行", en: "mend the line")
    }

    private static func invalidUTF8(_ bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        // The longest beginning that is sound, by halving; up to three bytes of it may belong to the broken scalar.
        var (low, high) = (0, bytes.count)
        while low < high {
            let middle = (low + high + 1) / 2
            if isSoundBeginning(bytes[..<middle]) { low = middle } else { high = middle - 1 }
        }
        var start = low
        while start > 0, low - start < 4, start == bytes.count || bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return min(start, bytes.count - 1)
    }

    /// UTF-8 but for a scalar that is not finished.
    private static func isSoundBeginning(_ bytes: ArraySlice<UInt8>) -> Bool {
        (0...min(3, bytes.count)).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
    }
}
