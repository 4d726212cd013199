#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file mapped read-only into memory.
///
///     let file = try MappedFile(path: "model.gguf")
///     let magic: UInt32 = file.bytes.load(at: 0)
///
/// The mapping lives as long as this object or any view of it. If another process shortens the file meanwhile,
/// touching the lost pages raises SIGBUS: models are replaced by rename, never in place.
public final class MappedFile: Sendable {
    public let path: String
    public let bytes: ByteView

    /// - Throws: `KernelsError` naming the path and the system's reason.
    public init(path: String) throws(KernelsError) {
        self.path = path
        // A pipe without a writer must be an error, not wait for one.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: Self.lastError) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, reason: Self.lastError) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
        let count = Int(status.st_size)
        guard count > 0 else {
            bytes = ByteView(copying: [])
            return
        }
        guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw .cannotMap(path: path, bytes: count, reason: Self.lastError)
        }
        let mapping = Mapping(base: base, count: count)
        bytes = ByteView(owner: mapping, base: UnsafeRawPointer(base), count: count)
    }

    private static var lastError: String { String(cString: strerror(errno)) }

    /// Owns the mapping.
    final class Mapping: @unchecked Sendable {
        // Sendable: read-only memory at a constant address.
        private let start: UnsafeMutableRawPointer
        private let count: Int

        init(base: UnsafeMutableRawPointer, count: Int) {
            start = base
            self.count = count
        }

        deinit { munmap(start, count) }
    }
}
