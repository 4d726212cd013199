import Foundation

/// `index-url` and `extra-index-url` from pip's files; a user's file wins over the machine's, a virtual
/// environment's over both.
struct PipSettings {
    private(set) var indexURL: String?
    private(set) var extraIndexURL: String?
    private static let fileBytesMax = 1 << 20

    init(environment: [String: String]) {
        let home = environment["HOME"] ?? ""
        let configuration = environment["XDG_CONFIG_HOME"] ?? "\(home)/.config"
        var paths = [
            "/etc/xdg/pip/pip.conf", "/etc/pip.conf", "\(home)/.pip/pip.conf", "\(configuration)/pip/pip.conf",
        ]
        if let folder = environment["VIRTUAL_ENV"] { paths.append("\(folder)/pip.conf") }
        if let file = environment["PIP_CONFIG_FILE"] { paths = file == "/dev/null" ? [] : paths + [file] }
        for path in paths { read(path) }
    }

    private mutating func read(_ path: String) {
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.fileBytesMax else { return }
        apply(String(decoding: data, as: UTF8.self))
    }

    /// Sections `[global]`, `[install]` and `[download]` count; a value may continue on indented lines.
    mutating func apply(_ text: String) {
        var section = ""
        var key = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if trimmed.hasPrefix("["), trimmed.hasSuffix("]") {
                (section, key) = (String(trimmed.dropFirst().dropLast()).lowercased(), "")
                continue
            }
            guard ["global", "install", "download"].contains(section) else { continue }
            if let first = line.first, first.isWhitespace, key == "extra-index-url" {
                extraIndexURL = (extraIndexURL ?? "") + " " + trimmed
            } else if let equals = trimmed.firstIndex(where: { $0 == "=" || $0 == ":" }) {
                key = trimmed[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
                    .replacingOccurrences(of: "_", with: "-")
                let value = trimmed[trimmed.index(after: equals)...].trimmingCharacters(in: .whitespaces)
                if key == "index-url", !value.isEmpty { indexURL = value }
                if key == "extra-index-url" { extraIndexURL = value }
            }
        }
    }
}
