import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The state of one request, from its start to its only end.
final class Exchange: Sendable {
    private struct State {
        var continuation: CheckedContinuation<String?, any Error>?
        var location: String?
        var failure: (any Error)?
        var hasHead = false
        var isAbandoned = false
        /// What a redirect brought besides its head; read past, up to a limit.
        var redirectBytes = 0
        var lastActivity = ContinuousClock.now
    }

    private static let redirectBytesMax = 1 << 20
    private let state = Mutex(State())
    /// Whether the body is still taken. Held while a piece is, so that nothing comes after the end.
    private let isOpen = Mutex(true)
    private let onHead: @Sendable (HTTPClient.Head) throws -> Void
    private let onBytes: @Sendable (Data) throws -> Void

    init(
        onHead: @escaping @Sendable (HTTPClient.Head) throws -> Void, onBytes: @escaping @Sendable (Data) throws -> Void
    ) {
        self.onHead = onHead
        self.onBytes = onBytes
    }

    func start(_ continuation: CheckedContinuation<String?, any Error>) {
        let isAbandoned = state.withLock { state in
            state.continuation = continuation
            state.lastActivity = .now
            return state.isAbandoned
        }
        if isAbandoned { end(nil) }
    }

    /// Ends it now: the library on Linux may never report the end of a task that was cancelled as it started.
    func abandon(_ error: any Error) {
        isOpen.withLock { $0 = false }
        state.withLock { state in
            state.isAbandoned = true
            if state.failure == nil { state.failure = error }
        }
        end(error)
    }

    /// Whether the server has been silent too long.
    func isStalled(headSeconds: Double, idleSeconds: Double) -> Bool {
        state.withLock { $0.lastActivity.duration(to: .now) > .seconds($0.hasHead ? idleSeconds : headSeconds) }
    }

    /// Takes the answer's head; false when the body is not wanted.
    func take(_ response: HTTPURLResponse) -> Bool {
        var fields: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            if let name = name as? String, let value = value as? String { fields[name.lowercased()] = value }
        }
        let location = fields["location"]
        state.withLock {
            $0.hasHead = true
            $0.lastActivity = .now
        }
        if (300..<400).contains(response.statusCode), response.statusCode != 304, let location {
            state.withLock { $0.location = location }
            return true
        }
        guard let url = response.url else { return false }
        return attempt { try onHead(HTTPClient.Head(status: response.statusCode, fields: fields, url: url)) }
    }

    /// Takes a piece of the body; false when no more is wanted.
    func take(_ data: Data) -> Bool {
        let (isRedirect, isWanted) = state.withLock { state in
            state.lastActivity = .now
            if state.location != nil { state.redirectBytes += data.count }
            return (state.location != nil, state.failure == nil && state.redirectBytes <= Self.redirectBytesMax)
        }
        return isWanted && (isRedirect || isOpen.withLock { $0 && attempt { try onBytes(data) } })
    }

    func end(_ error: (any Error)?) {
        let (continuation, result) = state.withLock {
            state -> (CheckedContinuation<String?, any Error>?, Result<String?, any Error>) in
            defer { state.continuation = nil }
            if let failure = state.failure { return (state.continuation, .failure(failure)) }
            if let location = state.location { return (state.continuation, .success(location)) }
            if let error { return (state.continuation, .failure(error)) }
            return (state.continuation, .success(nil))
        }
        continuation?.resume(with: result)
    }

    private func attempt(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            state.withLock { if $0.failure == nil { $0.failure = error } }
            return false
        }
    }
}
