import Foundation

/// Why a model could not be brought in, listed or removed. Messages say what failed and what to do; none holds a token.
public enum HubError: Error, CustomStringConvertible, Equatable {
    case invalidName(String, reason: String)
    case invalidReference(String, reason: String)
    case unknownName(String, known: [String])
    case notInstalled(String, installed: [String])
    case unreachable(url: String, reason: String)
    case status(url: String, code: Int, hint: String)
    case badAnswer(url: String, reason: String)
    case unsafeRedirect(from: String, to: String)
    case tooManyRedirects(url: String, redirectsMax: Int)
    case tooLarge(what: String, bytes: Int, bytesMax: Int)
    case wrongSize(what: String, expected: Int, actual: Int)
    case wrongSum(what: String, expected: String, actual: String)
    case changedWhileDownloading(url: String)
    case notAModel(what: String, reason: String)
    case badArchive(what: String, reason: String)
    case noFile(what: String, available: [String])
    case notEnoughSpace(path: String, neededBytes: Int, freeBytes: Int)
    case file(operation: String, path: String, reason: String)
    case allSourcesFailed(name: String, reasons: [String])
    case badCatalogue(String)

    public var description: String {
        switch self {
        case .invalidName(let name, let reason): "“\(Self.shown(name))” cannot be a model's name: \(reason)"
        case .invalidReference(let text, let reason):
            "“\(Self.shown(text))” is no model reference: \(reason); write NAME, hf:owner/repo[:file], "
                + "modelscope:owner/repo[:file], pypi:package==version[:member], an http(s) URL or a path"
        case .unknownName(let name, let known):
            "no model is called “\(Self.shown(name))”; known: \(known.joined(separator: ", "))"
        case .notInstalled(let name, let installed):
            "“\(Self.shown(name))” is neither an installed model nor a file or folder; installed: "
                + (installed.isEmpty ? "none" : installed.joined(separator: ", ")) + "; get it with: danlu pull"
        case .unreachable(let url, let reason): "\(url) cannot be reached: \(reason)"
        case .status(let url, let code, let hint): "\(url) answered \(code)" + (hint.isEmpty ? "" : ": \(hint)")
        case .badAnswer(let url, let reason): "\(url) answered what is not understood: \(reason)"
        case .unsafeRedirect(let from, let to): "\(from) redirects to \(Self.shown(to)), which is not followed"
        case .tooManyRedirects(let url, let limit): "\(url) redirects more than \(limit) times"
        case .tooLarge(let what, let bytes, let limit): "\(what) has \(bytes) bytes, the limit is \(limit)"
        case .wrongSize(let what, let expected, let actual):
            "\(what) should have \(expected) bytes and has \(actual)"
        case .wrongSum(let what, let expected, let actual):
            "\(what) is not the expected file: SHA-256 \(actual), expected \(expected); nothing was kept"
        case .changedWhileDownloading(let url): "\(url) changed during the download; pull again"
        case .notAModel(let what, let reason): "\(what) is not a model: \(reason)"
        case .badArchive(let what, let reason): "\(what) is not a sound zip archive: \(reason)"
        case .noFile(let what, let available):
            "\(what) has no such file; it has: " + available.prefix(40).map(Self.shown).joined(separator: ", ")
        case .notEnoughSpace(let path, let needed, let free):
            "not enough disk space at \(path): \(needed >> 20) MiB are needed, \(free >> 20) MiB are free; "
                + "free some or set DANLU_HOME"
        case .file(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .allSourcesFailed(let name, let reasons):
            "no source of \(name) worked:\n  " + reasons.joined(separator: "\n  ")
        case .badCatalogue(let reason): "the catalogue cannot be read: \(reason)"
        }
    }

    static func system(_ operation: String, _ path: String) -> HubError {
        .file(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }

    /// Foreign text made fit for a terminal: control characters replaced, length bounded.
    static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(200).map { $0.value < 32 || $0.value == 127 ? "?" : $0 }))
    }
}
