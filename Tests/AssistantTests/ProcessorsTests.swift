import Assistant
import Testing

@Suite struct ProcessorsTests {
    @Test func threadsOfOneCoreCountOnce() {
        let siblings = [0: "0,4\n", 4: "0,4\n", 1: "1,5\n", 5: "1,5\n"]
        #expect(Processors.physicalCores(usable: [0, 1, 4, 5], siblings: { siblings[$0] }) == 2)
        #expect(Processors.physicalCores(usable: [0, 4], siblings: { siblings[$0] }) == 1)
        #expect(Processors.physicalCores(usable: [7, 8], siblings: { siblings[$0] }) == 2)
        #expect(Processors.physicalCores(usable: [], siblings: { siblings[$0] }) == 1)
    }

    @Test func readsTheKernelsList() {
        #expect(Processors.allowed(status: "Name:\tx\nCpus_allowed_list:\t0-2,8\nMems:\t0\n") == [0, 1, 2, 8])
        #expect(Processors.allowed(status: "Cpus_allowed_list:\t3\n") == [3])
        #expect(Processors.allowed(status: "Name:\tx\n") == nil)
        #expect(Processors.allowed(status: "Cpus_allowed_list:\t5-2\n") == nil)
        #expect(Processors.allowed(status: "Cpus_allowed_list:\t0-99999999\n") == nil)
    }

    @Test func thisMachineHasOne() { #expect(Processors.threads >= 1) }

    /// A machine of four cores with two processors each, and whatever files there are besides.
    private func threads(_ files: [String: String], allowed: String = "0-7") -> Int {
        var files = files
        files["/proc/self/status"] = "Name:\tx\nCpus_allowed_list:\t\(allowed)\n"
        for cpu in 0..<8 {
            files["/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list"] = "\(cpu % 4),\(cpu % 4 + 4)\n"
        }
        return Processors.threads(reading: { files[$0] }, otherwise: [0])
    }

    @Test func siblingsCountOnce() {
        #expect(threads([:]) == 4)
        #expect(threads([:], allowed: "0,4") == 1)
        #expect(threads([:], allowed: "1-3") == 3)
        #expect(Processors.threads(reading: { _ in nil }, otherwise: [0, 1, 2]) == 3)
    }

    @Test(arguments: [
        ("max 100000", 4), ("200000 100000", 2), ("150000 100000", 2), ("140000 100000", 1),
        ("10000 100000", 1), ("9000000 100000", 4), ("", 4), ("x 100000", 4), ("100000 0", 4), ("100000", 4),
        ("9223372036854775807 1", 4),
    ])
    func theSecondVersionsQuotaHolds(text: String, expected: Int) {
        #expect(threads(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "\(text)\n"]) == expected)
    }

    @Test func theLeastOfAllGroupsHolds() {
        let files = [
            "/proc/self/cgroup": "0::/a.slice/b.scope\n", "/sys/fs/cgroup/a.slice/cpu.max": "300000 100000\n",
            "/sys/fs/cgroup/a.slice/b.scope/cpu.max": "max 100000\n",
        ]
        #expect(threads(files) == 3)
        #expect(threads(files.merging(["/sys/fs/cgroup/a.slice/b.scope/cpu.max": "50000 50000\n"]) { $1 }) == 1)
        // The group's name is the host's; what is mounted here is its own.
        #expect(threads(["/proc/self/cgroup": "0::/not/here\n", "/sys/fs/cgroup/cpu.max": "200000 100000\n"]) == 2)
    }

    @Test func theFirstVersionsQuotaHolds() {
        let group = "12:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n0::/system\n"
        func files(_ folder: String, _ quota: String) -> [String: String] {
            [
                "/proc/self/cgroup": group, "\(folder)/cpu.cfs_quota_us": "\(quota)\n",
                "\(folder)/cpu.cfs_period_us": "100000\n",
            ]
        }
        #expect(threads(files("/sys/fs/cgroup/cpu/docker/1", "200000")) == 2)
        #expect(threads(files("/sys/fs/cgroup/cpu,cpuacct/docker/1", "100000")) == 1)
        #expect(threads(files("/sys/fs/cgroup/cpu", "300000")) == 3)
        #expect(threads(files("/sys/fs/cgroup/cpu", "-1")) == 4)
        #expect(threads(files("/sys/fs/cgroup/memory/docker/1", "100000")) == 4)
    }

    @Test func oddFilesAreNoLimit() {
        for text in ["", "::", "0:", "0::", "nonsense\nmore", "0::/../../..\n"] {
            #expect(threads(["/proc/self/cgroup": text, "/sys/fs/cgroup/cpu.max": "junk"]) == 4)
        }
    }
}
