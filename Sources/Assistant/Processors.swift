import Foundation

/// How many threads are worth starting in this process.
public enum Processors {
    /// One for each physical core that this process may use, no more than its control group's time allows.
    public static let threads = threads(
        reading: Self.text, otherwise: Array(0..<ProcessInfo.processInfo.activeProcessorCount))

    /// - Parameters:
    ///   - read: the text of a file of the kernel's, nil when there is none.
    ///   - otherwise: logical processors by number, where the kernel does not say which may be used.
    package static func threads(reading read: (String) -> String?, otherwise: [Int]) -> Int {
        let usable = allowed(status: read("/proc/self/status") ?? "") ?? otherwise
        let cores = physicalCores(
            usable: usable, siblings: { read("/sys/devices/system/cpu/cpu\($0)/topology/thread_siblings_list") })
        guard let quota = ControlGroup.processors(reading: read) else { return cores }
        // A thread more that stands still for most of each period holds up all the others.
        return max(1, min(cores, Int(min(quota.rounded(), Double(cores)))))
    }

    /// Two threads that share a core slow each other in numeric work, so a core counts once. At least 1.
    ///
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
