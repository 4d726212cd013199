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

    @Test func thisMachineHasOne() { #expect(Processors.physicalCores >= 1) }
}
