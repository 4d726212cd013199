import Foundation

/// A shard being written: lines in parts that can be read by themselves. It takes its name when it is whole.
final class ShardWriter {
    private let folder: WashingFolder
    private let output: RecipeSteps.Output
    private var shard: Sharder.Shard
    private let path: String
    private let file: any MemberWriter
    private var blockBytes = 0
    private var blockDocuments = 0
    private var blockStart = 0

    init(
        folder: WashingFolder, split: String, group: String, unit: Int, output: RecipeSteps.Output
    ) throws(WashingError) {
        self.folder = folder
        self.output = output
        // A group may be a source's name: nothing in it may leave the folder.
        let safe = String(group.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
        let parent = "\(split)/\(safe.hasPrefix(".") || safe.isEmpty ? "_" + safe : safe)"
        let name = "\(parent)/\(WashingFolder.name(unit)).jsonl\(output.compression.suffix)"
        shard = Sharder.Shard(path: name, split: split, group: group)
        path = "\(folder.path)/\(name)"
        try WashingFiles.makeFolder("\(folder.path)/\(parent)")
        let partial = folder.partial(of: path)
        file =
            switch output.compression {
            case .none: try FileWriter(path: partial, hashes: true)
            case .gzip: try GzipWriter(path: partial, level: min(9, output.level))
            case .zstd: try ZstdWriter(path: partial, level: output.level)
            }
    }

    func write(_ line: [UInt8], textBytes: Int) throws(WashingError) {
        shard.documents += 1
        shard.textBytes += textBytes
        blockDocuments += 1
        blockBytes += line.count
        try file.write(line)
        if blockBytes >= output.blockBytes { try endBlock() }
    }

    func close() throws(WashingError) -> Sharder.Shard {
        try endBlock()
        shard.sha256 = try file.close()
        shard.bytes = file.byteCount
        try WashingFiles.move(folder.partial(of: path), to: path)
        return shard
    }

    private func endBlock() throws(WashingError) {
        guard blockDocuments > 0 else { return }
        try file.endMember()
        shard.blocks.append([blockStart, blockDocuments])
        blockStart = file.byteCount
        (blockBytes, blockDocuments) = (0, 0)
    }
}
