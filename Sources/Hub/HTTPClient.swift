import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One GET with our own rules for redirects, time and size; the library's would follow anything anywhere.
final class HTTPClient: Sendable {
    struct Head: Sendable {
        let status: Int
        /// Names in lower case.
        let fields: [String: String]
        let url: URL

        subscript(_ name: String) -> String? { fields[name] }
        var length: Int? { fields["content-length"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
        /// A validator fit for If-Range: a strong entity tag.
        var strongTag: String? { fields["etag"].flatMap { $0.hasPrefix("W/") || $0.isEmpty ? nil : $0 } }
    }

    private let session: URLSession
    private let exchanges = Exchanges()
    let limits: HubLimits

    init(limits: HubLimits) {
        self.limits = limits
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        configuration.httpMaximumConnectionsPerHost = max(8, limits.connectionsMax * 2)
        configuration.timeoutIntervalForRequest = 3600
        configuration.timeoutIntervalForResource = 7 * 24 * 3600
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit { session.finishTasksAndInvalidate() }

    /// Fetches, following at most `redirectsMax` redirects to http(s), never from https down to http.
    /// `fields` that start with “authorization” stay with the first host.
    ///
    /// `onHead` sees the final answer's head and may throw to refuse it; `onBytes` gets the body in order.
    func get(
        _ url: URL, fields: [String: String] = [:], headSeconds: Double? = nil,
        onHead: @escaping @Sendable (Head) throws -> Void,
        onBytes: @escaping @Sendable (Data) throws -> Void
    ) async throws {
        var current = url
        var fields = fields
        for _ in 0...limits.redirectsMax {
            try Self.checkScheme(current)
            var request = URLRequest(url: current)
            request.setValue("danlu", forHTTPHeaderField: "User-Agent")
            request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
            for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
            let location = try await send(request, headSeconds ?? limits.headSeconds, onHead, onBytes)
            guard let location else { return }
            guard let next = URL(string: location, relativeTo: current)?.absoluteURL,
                let scheme = next.scheme?.lowercased(), scheme == "https" || scheme == "http",
                !(current.scheme?.lowercased() == "https" && scheme == "http")
            else { throw HubError.unsafeRedirect(from: Self.withoutSecrets(current), to: location) }
            if next.host != current.host || next.port != current.port {
                fields = fields.filter { !["authorization", "cookie"].contains($0.key.lowercased()) }
            }
            current = next
        }
        throw HubError.tooManyRedirects(url: Self.withoutSecrets(url), redirectsMax: limits.redirectsMax)
    }

    /// A whole small answer, at most `answerBytesMax`, whatever its status.
    func answer(_ url: URL, fields: [String: String] = [:], headSeconds: Double? = nil) async throws -> (Head, Data) {
        let box = Mutex<(head: Head?, body: Data)>((nil, Data()))
        let shown = Self.withoutSecrets(url)
        try await get(
            url, fields: fields, headSeconds: headSeconds,
            onHead: { head in box.withLock { $0 = (head, Data()) } },
            onBytes: { [limits] data in
                try box.withLock {
                    $0.body.append(data)
                    guard $0.body.count <= limits.answerBytesMax else {
                        throw HubError.tooLarge(what: shown, bytes: $0.body.count, bytesMax: limits.answerBytesMax)
                    }
                }
            })
        let (head, body) = box.withLock { $0 }
        guard let head else { throw HubError.badAnswer(url: shown, reason: "no head") }
        return (head, body)
    }

    /// The URL fit for messages: no user, password, query or fragment.
    static func withoutSecrets(_ url: URL) -> String {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: true)
        parts?.user = nil
        parts?.password = nil
        parts?.query = nil
        parts?.fragment = nil
        return HubError.shown(parts?.string ?? url.host ?? "?")
    }

    private static func checkScheme(_ url: URL) throws {
        guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https" else {
            throw HubError.invalidReference(withoutSecrets(url), reason: "only http and https are fetched")
        }
    }

    /// Runs one request; returns where it redirects to, or `nil` when the body came.
    private func send(
        _ request: URLRequest, _ headSeconds: Double, _ onHead: @escaping @Sendable (Head) throws -> Void,
        _ onBytes: @escaping @Sendable (Data) throws -> Void
    ) async throws -> String? {
        let task = session.dataTask(with: request)
        let exchange = Exchange(onHead: onHead, onBytes: onBytes)
        exchanges.add(exchange, for: task)
        let watch = Task { [limits] in
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(100))
                guard exchange.isStalled(headSeconds: headSeconds, idleSeconds: limits.idleSeconds) else { continue }
                task.cancel()
                exchange.abandon(URLError(.timedOut))
            }
        }
        defer {
            watch.cancel()
            exchanges.remove(task)
        }
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    exchange.start(continuation)
                    task.resume()
                }
            } onCancel: {
                task.cancel()
                exchange.abandon(CancellationError())
            }
        } catch let error as HubError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw HubError.unreachable(
                url: Self.withoutSecrets(request.url ?? URL(fileURLWithPath: "/")), reason: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        let error = error as NSError
        switch error.code {
        case NSURLErrorCannotFindHost: return "the host's name is not known here"
        case NSURLErrorCannotConnectToHost: return "no connection"
        case NSURLErrorNetworkConnectionLost: return "the connection was cut"
        case NSURLErrorTimedOut: return "no answer in time"
        default: return HubError.shown(error.localizedDescription)
        }
    }
}
