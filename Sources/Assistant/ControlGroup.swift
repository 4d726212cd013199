/// The processor time that Linux' control groups leave this process: what `docker run --cpus` or a unit's `CPUQuota`
/// sets.
enum ControlGroup {
    /// Processors' worth of time, such as 1.5; nil when there is no limit. The least of the group and all above it.
    ///
    /// Both hierarchies are read: version 2 has `cpu.max` ("150000 100000", or "max 100000"), version 1
    /// `cpu.cfs_quota_us` (-1: none) and `cpu.cfs_period_us`. In a container the group named in `/proc/self/cgroup` may
    /// not be there; then what is mounted is its own.
    static func processors(reading read: (String) -> String?) -> Double? {
        var limits: [Double] = []
        for line in (read("/proc/self/cgroup") ?? "0::/").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let controllers = parts[1].split(separator: ",")
            for group in groups(to: parts[2]) {
                if parts[1].isEmpty {
                    // Beside version 1, version 2 may be mounted lower.
                    for mount in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] {
                        if let limit = read("\(mount)\(group)cpu.max").flatMap(limit(v2:)) { limits.append(limit) }
                    }
                } else if controllers.contains("cpu") {
                    for mount in ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/\(parts[1])"] {
                        let folder = mount + group
                        if let limit = limit(read("\(folder)cpu.cfs_quota_us"), per: read("\(folder)cpu.cfs_period_us"))
                        {
                            limits.append(limit)
                        }
                    }
                }
            }
        }
        return limits.min()
    }

    private static let depthMax = 64

    /// "/", "/a/", "/a/b/" for "/a/b".
    private static func groups(to path: Substring) -> [String] {
        var group = "/"
        return ["/"]
            + path.split(separator: "/").prefix(depthMax).filter { $0 != ".." }.map { part in
                group += "\(part)/"
                return group
            }
    }

    private static func limit(v2 text: String) -> Double? {
        let parts = text.split { $0 == " " || $0 == "\n" }
        return parts.count == 2 ? limit(String(parts[0]), per: String(parts[1])) : nil
    }

    private static func limit(_ quota: String?, per period: String?) -> Double? {
        guard let quota = number(quota), let period = number(period), quota > 0, period > 0 else { return nil }
        return Double(quota) / Double(period)
    }

    private static func number(_ text: String?) -> Int? {
        text.flatMap { Int($0.split { $0 == " " || $0 == "\n" }.first ?? "") }
    }
}
