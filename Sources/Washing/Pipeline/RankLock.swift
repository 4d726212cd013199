import Foundation

/// Held by the program that is one rank of a washing: two of them would do the same work twice.
final class RankLock {
    private let descriptor: Int32

    init(_ folder: String, _ ranks: Ranks) throws(WashingError) {
        let path = "\(folder)/lock-\(ranks.rank)"
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw WashingFiles.system("lock", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .file(operation: "lock", path: path, reason: "another program washes into this folder; wait for it")
        }
    }

    func release() { close(descriptor) }
}
