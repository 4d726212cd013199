import Crypto
import Foundation

/// A file being written beside its place, as `<name>.partial`; it takes its name when it is whole.
///
///     let file = try OutputFile(path: "model.gguf", operation: "write the GGUF file")
///     try file.write(bytes)
///     let written = try file.finish()              // synced, then renamed
///
/// What is dropped unfinished, by an error or on purpose, leaves no file; a killed program leaves the `.partial`, which
/// the next one overwrites. Two programs cannot write the same file at once.
package final class OutputFile {
    /// What was written.
    package struct Written: Equatable, Sendable {
        package let byteCount: Int
        /// In hex, where it was asked for.
        package let sha256: String?
    }

    private(set) var byteCount = 0
    let context: FileContext
    private let path: String
    private let replaces: Bool
    private let descriptor: Int32
    private var hash: SHA256?
    private var isFinished = false
    private var isOverwritten = false

    /// What the file is called until it is whole.
    var partial: String { path + ".partial" }

    /// - Parameters:
    ///   - replaces: whether a file of that name may be there; it stays until the new one is whole.
    ///   - hashes: whether `finish` is to say the SHA-256.
    /// - Throws: `WeightsError.cannotWrite` when a file is there, or the place cannot be written.
    package init(
        path: String, operation: String, replaces: Bool = false, hashes: Bool = false
    ) throws(WeightsError) {
        context = FileContext(operation: operation, file: path)
        self.path = path
        self.replaces = replaces
        hash = hashes ? SHA256() : nil
        try Self.requireFree(path, replaces, context)
        descriptor = open(path + ".partial", O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw context.cannotWrite(Self.lastError) }
        // A lock, and a look whether the locked file still has the name: whoever had it may just have finished.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isSame(descriptor, path + ".partial") else {
            close(descriptor)
            isFinished = true
            throw context.cannotWrite("another program is writing it", hint: "wait for it, or end it")
        }
        guard ftruncate(descriptor, 0) == 0 else { throw context.cannotWrite(Self.lastError) }
    }

    deinit {
        guard !isFinished, descriptor >= 0 else { return }
        unlink(partial)
        close(descriptor)
    }

    /// Adds bytes at the end.
    ///
    /// - Throws: `WeightsError.cannotWrite`, for instance when the disk is full.
    func write(_ bytes: UnsafeRawBufferPointer) throws(WeightsError) {
        var left = bytes[...]
        while !left.isEmpty {
            // Linux writes at most 2 GB at once.
            let piece = UnsafeRawBufferPointer(rebasing: left.prefix(1 << 30))
            let count = Foundation.write(descriptor, piece.baseAddress, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(bytes.count) }
            left = left.dropFirst(count)
        }
        hash?.update(bufferPointer: bytes)
        byteCount += bytes.count
    }

    package func write(_ bytes: [UInt8]) throws(WeightsError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(WeightsError) in try write(UnsafeRawBufferPointer(buffer)) }
    }

    /// Puts bytes in the place of some that were written.
    ///
    /// - Precondition: there were so many at this place.
    func overwrite(_ bytes: [UInt8], at offset: Int) throws(WeightsError) {
        precondition(offset >= 0 && bytes.count <= byteCount - offset, "\(bytes.count) bytes at \(offset)")
        isOverwritten = true
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(bytes.count) }
            done += count
        }
    }

    /// Syncs the file, gives it its name and syncs the folder.
    ///
    /// - Throws: `WeightsError.cannotWrite`.
    package func finish() throws(WeightsError) -> Written {
        precondition(!isFinished, "a file is finished once")
        guard fsync(descriptor) == 0 else { throw failure(0) }
        if isOverwritten, hash != nil {
            hash = SHA256()
            try FileContext(operation: context.operation, file: partial).map()
                .withUnsafeBytes { hash?.update(bufferPointer: $0) }
        }
        try Self.requireFree(path, replaces, context)
        guard rename(partial, path) == 0 else { throw context.cannotWrite(Self.lastError) }
        isFinished = true
        close(descriptor)
        try Self.syncFolder(of: path, operation: context.operation)
        return Written(byteCount: byteCount, sha256: hash?.finalize().hex)
    }

    /// Makes the names in the folder of a file or folder last.
    package static func syncFolder(of path: String, operation: String) throws(WeightsError) {
        let context = FileContext(operation: operation, file: path)
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw context.cannotWrite(lastError) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw context.cannotWrite(lastError) }
    }

    // MARK: Helpers

    private func failure(_ bytes: Int) -> WeightsError {
        switch errno {
        case ENOSPC, EDQUOT:
            context.cannotWrite(
                "a full disk after \(byteCount) bytes", expected: "room for \(max(bytes, 1)) bytes more",
                hint: "free some space, or give a place on another disk")
        case EFBIG:
            context.cannotWrite(
                Self.lastError, expected: "room for a file of over \(byteCount) bytes",
                hint: "give a place on a file system without that limit")
        default: context.cannotWrite(Self.lastError)
        }
    }

    private static func requireFree(
        _ path: String, _ replaces: Bool, _ context: FileContext
    ) throws(WeightsError) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw context.cannotWrite("a folder, link or device", expected: "no file of that name")
        }
        guard replaces else {
            throw context.cannotWrite("one", expected: "no file of that name", hint: "remove it, or give another name")
        }
    }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var open = stat()
        var named = stat()
        return fstat(descriptor, &open) == 0 && lstat(path, &named) == 0 && open.st_ino == named.st_ino
            && open.st_dev == named.st_dev
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
