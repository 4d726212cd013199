import Sorting

/// Merges what the units wrote into lists of what to drop.
///
///     let counts = try ExactDuplicates.merge(runs: ["runs/0.exact", …], into: "drops", suffix: "exact", …)
package enum ExactDuplicates {
    /// Of texts with the same hash the lowest is kept.
    ///
    /// - Parameters:
    ///   - runs: files of `ExactDuplicateWriter`, in any order.
    ///   - drops: gets the lists.
    ///   - copiesMin: hashes that fewer texts have are left alone. 2 drops every copy but one; lines that many pages
    ///     share are found with more.
    package static func merge(
        runs: [String], into drops: DropLists, scratch: String, memoryBytesMax: Int, copiesMin: Int = 2
    ) throws(SortingError) -> DuplicateCounts {
        precondition(copiesMin >= 2, "a copy has an original")
        var merge = try RunMerge(
            paths: runs, kind: ExactDuplicateWriter.kind, scratch: scratch, memoryBytesMax: memoryBytesMax / 2)
        var counts = DuplicateCounts()
        let dropped = RecordSorter(kind: DropLists.kind, scratch: scratch, memoryBytesMax: memoryBytesMax / 2)
        var group: (hash: UInt64, kept: UInt64, size: Int) = (0, 0, 0)
        // Copies of which it is not known yet whether there are enough.
        var waiting: [UInt64] = []
        while let record = try merge.next() {
            counts.texts += 1
            guard group.size > 0, record.key == group.hash else {
                counts.add(group: group.size, copiesMin: copiesMin)
                group = (record.key, record.value, 1)
                waiting.removeAll(keepingCapacity: true)
                continue
            }
            group.size += 1
            waiting.append(record.value)
            guard group.size >= copiesMin else { continue }
            for value in waiting { try dropped.add(SortRecord(key: value, value: group.kept)) }
            waiting.removeAll(keepingCapacity: true)
        }
        counts.add(group: group.size, copiesMin: copiesMin)
        try drops.write(dropped)
        return counts
    }
}
