/// Of GRPO: tasks.jsonl, whose SHA-256 the configuration has.
extension RunFolder {
    package static let tasksName = "tasks.jsonl"
    private static let tasksBytesMax = 1 << 30

    package static func hash(tasks bytes: [UInt8]) -> String { Files.sha256(bytes) }

    package func keep(tasks bytes: [UInt8]) throws(TrainingError) {
        try Files.makeFolder(path)
        try Files.replace("\(path)/\(Self.tasksName)", with: bytes)
    }

    /// - Throws: `TrainingError.changed` when they are not those that the run began with.
    package func tasks(hash expected: String) throws(TrainingError) -> [UInt8] {
        let bytes = try Files.read("\(path)/\(Self.tasksName)", bytesMax: Self.tasksBytesMax)
        let actual = Self.hash(tasks: bytes)
        guard actual == expected else {
            throw .changed(what: Self.tasksName, path: path, expected: expected, actual: actual)
        }
        return bytes
    }
}
