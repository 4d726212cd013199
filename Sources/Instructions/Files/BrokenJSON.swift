import JSON

/// Says of text that is not JSON what most likely happened to it.
enum BrokenJSON {
    static func wording(_ bytes: [UInt8], _ error: any Error) -> Wording {
        if let place = invalidUTF8(bytes) {
            let byte = String(bytes[place], radix: 16)
            return Wording(
                zh: "第 \(place + 1) 字节（0x\(byte)）不是 UTF-8：文件被截断，或是 GBK 等编码；"
                    + "请重新获取，或转换：iconv -f GBK -t UTF-8",
                en:
                    "byte \(place + 1) (0x\(byte)) is not UTF-8: the file was cut, or has another encoding (GBK?); "
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
        if text.elementsEqual([0x7B]) || text.elementsEqual([0x5B]) {
            return Wording(
                zh: "一个值占了几行；请每行一个，或把文件名改为 .json",
                en: "a value fills several lines; put each on one, or name the "
                    + "file .json")
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
        return Wording(zh: "请改正这一行", en: "mend the line")
    }

    /// Where the first scalar begins that is not UTF-8.
    private static func invalidUTF8(_ bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var place = 0
        while place < bytes.count {
            let length =
                switch bytes[place] {
                case 0..<0x80: 1
                case 0xC2..<0xE0: 2
                case 0xE0..<0xF0: 3
                case 0xF0..<0xF5: 4
                default: 0
                }
            let scalar = bytes[place...].prefix(length)
            guard length > 0, String(validating: scalar, as: UTF8.self) != nil else { return place }
            place += length
        }
        return nil
    }
}
