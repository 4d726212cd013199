enum TerminalError: Error, CustomStringConvertible {
    case inputTooLarge(bytesMax: Int)
    case fileTooLarge(path: String, bytesMax: Int)
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case noText(paths: [String])

    var description: String {
        switch self {
        case .inputTooLarge(let limit):
            Language.text(
                zh: "标准输入超过 \(limit) 字节的上限", en: "standard input is larger than the limit of \(limit) bytes")
        case .fileTooLarge(let path, let limit):
            Language.text(zh: "\(path) 超过 \(limit) 字节的上限", en: "\(path) is larger than the limit of \(limit) bytes")
        case .cannotRead(let path, let reason):
            Language.text(zh: "无法读取 \(path)：\(reason)", en: "cannot read \(path): \(reason)")
        case .cannotWrite(let path, let reason):
            Language.text(zh: "无法写入 \(path)：\(reason)", en: "cannot write \(path): \(reason)")
        case .noText(let paths):
            Language.text(
                zh: "没有可学的文本：\(paths.joined(separator: "、"))",
                en: "there is no text in \(paths.joined(separator: ", "))")
        }
    }
}
