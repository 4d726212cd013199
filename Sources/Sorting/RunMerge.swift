import Foundation

/// Many runs as one, in order, with a buffer for each in memory.
///
///     var merge = try RunMerge(paths: runs, kind: kind, scratch: "work", memoryBytesMax: 64 << 20)
///     while let record = try merge.next() { … }
///
/// More runs than buffers fit into the memory are first merged by groups into files of the scratch folder.
package struct RunMerge {
    /// A heap: the lowest record is the first one's.
    private var readers: [RunReader] = []
    private var temporary: [String] = []

    private static let bufferBytes = 1 << 16

    /// - Parameters:
    ///   - scratch: an existing folder for what is merged beforehand; nothing stays in it.
    package init(
        paths: [String], kind: RunFile.Kind, tag: UInt64 = 0, scratch: String, memoryBytesMax: Int
    ) throws(SortingError) {
        let fanIn = max(4, memoryBytesMax / Self.bufferBytes)
        var paths = paths
        var own: Set<String> = []
        defer { for path in own where !temporary.contains(path) { unlink(path) } }
        while paths.count > fanIn {
            var merged: [String] = []
            for start in stride(from: 0, to: paths.count, by: fanIn) {
                let group = Array(paths[start..<min(start + fanIn, paths.count)])
                let path = "\(scratch)/\(UUID().uuidString).run"
                own.insert(path)
                try Self.write(group, kind, tag, to: path)
                for path in group where own.remove(path) != nil { unlink(path) }
                merged.append(path)
            }
            paths = merged
        }
        try open(paths, kind, tag)
        temporary = Array(own)
    }

    private init(group paths: [String], _ kind: RunFile.Kind, _ tag: UInt64) throws(SortingError) {
        try open(paths, kind, tag)
    }

    private static func write(
        _ paths: [String], _ kind: RunFile.Kind, _ tag: UInt64, to path: String
    ) throws(SortingError) {
        var merge = try RunMerge(group: paths, kind, tag)
        let writer = try RunWriter(path: path, kind: kind, tag: tag, syncs: false)
        while let record = try merge.next() { try writer.append(record) }
        try writer.finish()
    }

    private mutating func open(_ paths: [String], _ kind: RunFile.Kind, _ tag: UInt64) throws(SortingError) {
        for path in paths {
            readers.append(try RunReader(path: path, kind: kind, tag: tag, bufferBytes: Self.bufferBytes))
        }
        readers.removeAll { $0.current == nil }
        for place in stride(from: readers.count / 2 - 1, through: 0, by: -1) { sink(place) }
    }

    /// The lowest record that was not returned yet; nil after the last.
    package mutating func next() throws(SortingError) -> SortRecord? {
        guard let first = readers.first, let record = first.current else {
            for path in temporary { unlink(path) }
            temporary = []
            return nil
        }
        try first.advance()
        if first.current == nil {
            readers.swapAt(0, readers.count - 1)
            readers.removeLast()
        }
        sink(0)
        return record
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var lowest = place
            for child in 2 * place + 1...2 * place + 2 where child < readers.count && precedes(child, lowest) {
                lowest = child
            }
            if lowest == place { return }
            readers.swapAt(place, lowest)
            place = lowest
        }
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        guard let a = readers[a].current, let b = readers[b].current else { return false }
        return a < b
    }
}
