import Kernels

/// What a file that is not what it should be looks like, so that the error can say it.
enum FileKind {
    case empty
    case gitLFSPointer
    case webPage
    case legacyGGML
    case archive
    case safetensors
    case gguf
    case unknown([UInt8])

    /// - Throws: what the file is instead when it does not begin as a GGUF file does.
    static func requireGGUF(_ bytes: ByteView, _ context: FileContext) throws(WeightsError) {
        let magic = Array("GGUF".utf8)
        let start = bytes[0..<min(bytes.count, magic.count)].copy()
        if start == magic { return }
        if !start.isEmpty, magic.starts(with: start) {
            throw context.truncated("magic", expected: "4 bytes", actual: "\(bytes.count)")
        }
        throw FileKind(bytes).error(expected: "“GGUF” at its start", context)
    }

    /// - Throws: what the file is instead when it is known to be no safetensors file. (The format has no magic.)
    static func requireSafetensors(_ bytes: ByteView, _ context: FileContext) throws(WeightsError) {
        switch FileKind(bytes) {
        case .safetensors, .unknown: return
        case let kind: throw kind.error(expected: "a safetensors header at its start", context)
        }
    }

    init(_ bytes: ByteView) {
        let start = bytes[0..<min(bytes.count, 256)].copy()
        let text = String(decoding: start, as: UTF8.self).lowercased()
        let trimmed = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        self =
            switch true {
            case start.isEmpty: .empty
            case text.hasPrefix("version https://git-lfs"): .gitLFSPointer
            case trimmed.hasPrefix("<!doctype") || trimmed.hasPrefix("<html") || trimmed.hasPrefix("<?xml"): .webPage
            case ["tjgg", "fmgg", "lmgg"].contains(text.prefix(4)): .legacyGGML
            case start.starts(with: [0x1F, 0x8B]) || start.starts(with: [0x50, 0x4B, 3, 4]): .archive
            case text.hasPrefix("gguf"): .gguf
            case start.count > 9 && start[8] == UInt8(ascii: "{") && start[6...7] == [0, 0]: .safetensors
            default: .unknown(Array(start.prefix(4)))
            }
    }

    func error(expected: String, _ context: FileContext) -> WeightsError {
        let (actual, hint): (String, String) =
            switch self {
            case .empty: ("an empty file", FileContext.cut)
            case .gitLFSPointer: ("a Git LFS pointer", "the model was cloned without its large files: git lfs pull")
            case .webPage: ("a web page", "the server answered with a page instead of the file; check the address")
            case .legacyGGML: ("a GGML file from before GGUF", "convert the model to GGUF")
            case .archive: ("an archive", "unpack it first")
            case .safetensors: ("a safetensors file", "give the folder that has it beside config.json")
            case .gguf: ("a GGUF file", "give its own path")
            case .unknown(let bytes): ("the bytes \(bytes)", "this is no model file, or a damaged one")
            }
        return context.malformed("", expected: expected, actual: actual, hint: hint)
    }
}
