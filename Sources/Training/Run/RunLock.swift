import Foundation

/// At most one program trains a run. The kernel frees the lock when its holder dies.
final class RunLock: Sendable {
    private let folder: String
    private let path: String
    private let descriptor: Int32

    /// - Throws: `TrainingError.runIsBusy`.
    init(_ folder: RunFolder) throws(TrainingError) {
        try Files.makeFolder(folder.path)
        self.folder = folder.path
        path = "\(folder.path)/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .runIsBusy(path: folder.path)
        }
    }

    /// A run did not come about: its folder goes, if nothing else is in it.
    func abandon() {
        unlink(path)
        rmdir(folder)
    }

    deinit { close(descriptor) }
}
