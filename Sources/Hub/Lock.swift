import Foundation

/// At most one process changes one name at a time. The kernel frees the lock when its holder dies.
final class Lock: Sendable {
    private let descriptor: Int32
    private let path: String

    init(name: ModelName, home: Home) throws(HubError) {
        path = home.partial.appending(path: ".\(name.text).lock").path
        do { try FileManager.default.createDirectory(at: home.partial, withIntermediateDirectories: true) } catch {
            throw .file(operation: "make the folder", path: home.partial.path, reason: error.localizedDescription)
        }
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("open", path) }
    }

    deinit { close(descriptor) }

    /// Whether it is ours now.
    func take() throws(HubError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK || errno == EINTR else { throw .system("lock", path) }
        return false
    }
}
