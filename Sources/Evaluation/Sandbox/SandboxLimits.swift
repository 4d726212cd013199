/// Bounds on a program that a model wrote.
package struct SandboxLimits: Sendable, Equatable {
    /// Of one process, address space and all.
    package var memoryBytesMax = 512 << 20
    package var processesMax = 16
    /// Of one file, and of all files together.
    package var fileBytesMax = 1 << 20
    package var folderBytesMax = 8 << 20
    package var filesMax = 128
    package var openFilesMax = 64
    /// Computing, and time on the clock.
    package var processorSecondsMax = 5
    package var secondsMax = 10.0
    package var programBytesMax = 1 << 20
    /// The end of what it prints; more is read and dropped.
    package var outputBytesMax = 4 << 10

    package init() {}
}
