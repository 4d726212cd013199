import Foundation
import HTTPTypes
import Hummingbird

/// The files of the chat page, read once at start.
struct PageAssets: Sendable {
    private struct Asset: Sendable {
        var bytes: ByteBuffer
        var type: String
        var tag: String
    }

    private let assets: [String: Asset]

    static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml", "json": "application/json", "webmanifest": "application/manifest+json",
    ]

    /// Scripts and styles come from this server only, and nothing may frame the page: text of a model that got past
    /// the escaping still could not run.
    static let securityPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    init() throws {
        guard let folder = Bundle.module.url(forResource: "Page", withExtension: nil) else {
            throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "Page"])
        }
        var assets: [String: Asset] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            guard let type = Self.types[file.pathExtension] else { continue }
            let data = try Data(contentsOf: file)
            assets[file.lastPathComponent] = Asset(
                bytes: ByteBuffer(bytes: data), type: type, tag: "\"\(Self.fingerprint(data))\"")
        }
        self.assets = assets
    }

    func response(for name: String, _ request: Request) throws -> Response {
        guard let asset = assets[name] else {
            throw APIError(.notFound, "No such page.", code: "not_found")
        }
        let headers: HTTPFields = [
            .contentType: asset.type, .cacheControl: "no-cache", .eTag: asset.tag,
            .contentSecurityPolicy: Self.securityPolicy, .xContentTypeOptions: "nosniff",
            HTTPField.Name("Referrer-Policy")!: "no-referrer",
        ]
        if request.headers[.ifNoneMatch] == asset.tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.bytes))
    }

    /// FNV-1a of 64 bits: enough to tell one build's file from another's.
    private static func fingerprint(_ data: Data) -> String {
        String(data.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}
