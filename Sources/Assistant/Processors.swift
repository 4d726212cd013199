import Foundation

/// The processors that this process may use.
public enum Processors {
    /// Physical cores, at least 1: two threads that share a core slow each other in numeric work.
    public static let physicalCores = physicalCores(
        usable: allowed(status: text("/proc/self/status") ?? "")
            ?? Array(0..<ProcessInfo.processInfo.activeProcessorCount),
        siblings: { text("/sys/devices/system/cpu/cpu\($0)/topology/thread_siblings_list") })

    /// - Parameters:
    ///   - usable: logical processors by number.
    ///   - siblings: the kernel's list of those that share the core of one, such as "0,4"; nil where it does not say.
    package static func physicalCores(usable: [Int], siblings: (Int) -> String?) -> Int {
        // Processors that share a core name the same siblings.
        let cores = Set(
            usable.map { siblings($0)?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "alone \($0)" })
        return max(1, cores.count)
    }

    /// The processors in the line `Cpus_allowed_list: 0-3,8` of a process' status; nil when there is none.
    package static func allowed(status: String) -> [Int]? {
        let prefix = "Cpus_allowed_list:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(prefix) }) else { return nil }
        var processors: [Int] = []
        for part in line.dropFirst(prefix.count).split(separator: ",") {
            let ends = part.split(separator: "-").map { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, last >= first,
                last - first < processorsMax
            else { return nil }
            processors += first...last
        }
        return processors.isEmpty ? nil : processors
    }

    private static let processorsMax = 1 << 16

    private static func text(_ path: String) -> String? {
        // The kernel's files have no length of their own, so they are read to their end.
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.readToEnd() else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
