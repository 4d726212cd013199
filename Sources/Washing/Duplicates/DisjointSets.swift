import Foundation
import Sorting

/// Which of many documents belong together; the lowest stands for all. Lies in a file that has no name, so that the
/// system may take its memory when it is short.
final class DisjointSets {
    private let parents: UnsafeMutablePointer<UInt64>
    let count: Int

    /// Each by itself.
    init(count: Int, scratch: String) throws(SortingError) {
        self.count = count
        let path = "\(scratch)/\(UUID().uuidString).sets"
        let bytes = max(1, count) * MemoryLayout<UInt64>.stride
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannot(operation: "write", path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        unlink(path)
        // Blocks are taken now: a disk that becomes full later would be a bus error.
        let error = posix_fallocate(descriptor, 0, off_t(bytes))
        guard error == 0, let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            base != MAP_FAILED
        else {
            throw .cannot(
                operation: "write", path: path, reason: String(cString: strerror(error == 0 ? errno : error)))
        }
        parents = base.bindMemory(to: UInt64.self, capacity: max(1, count))
        for place in 0..<count { parents[place] = UInt64(place) }
    }

    deinit { munmap(parents, max(1, count) * MemoryLayout<UInt64>.stride) }

    /// The lowest of the set.
    func root(_ place: Int) -> Int {
        precondition(place >= 0 && place < count, "a document that is there")
        var place = place
        while true {
            let parent = Int(parents[place])
            if parent == place { return place }
            let next = parents[parent]
            parents[place] = next
            place = Int(next)
        }
    }

    func unite(_ a: Int, _ b: Int) {
        let (a, b) = (root(a), root(b))
        if a < b { parents[b] = UInt64(a) } else { parents[a] = UInt64(b) }
    }
}
