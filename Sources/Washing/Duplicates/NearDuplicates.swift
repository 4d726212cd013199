import Sorting

/// Finds near duplicates among the signatures that the units wrote.
///
///     let counts = try NearDuplicates.merge(units: [(0, "runs/0"), (1, "runs/1")], settings, into: drops, …)
///
/// Documents that share a band are candidates, and belong together when their sketches are like enough. Being alike is
/// carried on: a chain of documents, each like the next, is one group, and its lowest is kept.
package enum NearDuplicates {
    /// Documents of one band that others are compared with; one that is like none of them is left to its other bands.
    static let representativesMax = 8

    /// - Parameters:
    ///   - units: the number of each and the path that its `NearDuplicateWriter` was given.
    ///   - drops: gets the lists.
    ///   - memoryBytesMax: without the mapped sketches and sets, whose pages the system may take back.
    package static func merge(
        units: [(unit: Int, path: String)], settings: MinHashSettings, into drops: DropLists, scratch: String,
        memoryBytesMax: Int
    ) throws(SortingError) -> DuplicateCounts {
        let signatures = try UnitSignatures(units, tag: settings.tag)
        let sets = try DisjointSets(count: signatures.count, scratch: scratch)
        var counts = DuplicateCounts()
        counts.texts = signatures.count
        var merge = try RunMerge(
            paths: units.map { $0.path + ".bands" }, kind: NearDuplicateWriter.kind, tag: settings.tag,
            scratch: scratch, memoryBytesMax: memoryBytesMax / 2)
        let matchesMin = settings.matchesMin
        var band: UInt64 = 0
        var representatives: [Int] = []
        while let record = try merge.next() {
            let place = try signatures.place(of: DocumentKey(packed: record.value))
            if record.key != band {
                band = record.key
                representatives.removeAll(keepingCapacity: true)
            }
            // Documents that are together already, as copies are after their first band, cost no more.
            let root = sets.root(place)
            if representatives.contains(where: { sets.root($0) == root }) { continue }
            let like = representatives.first { other in
                counts.candidates += 1
                return signatures.matches(place, other) >= matchesMin
            }
            if let like {
                counts.confirmed += 1
                sets.unite(like, place)
            } else if representatives.count < representativesMax {
                representatives.append(place)
            }
        }
        try write(sets, signatures, drops, scratch, memoryBytesMax / 2, &counts)
        return counts
    }

    private static func write(
        _ sets: DisjointSets, _ signatures: UnitSignatures, _ drops: DropLists, _ scratch: String,
        _ memoryBytesMax: Int, _ counts: inout DuplicateCounts
    ) throws(SortingError) {
        let dropped = RecordSorter(kind: DropLists.kind, scratch: scratch, memoryBytesMax: memoryBytesMax)
        let byKept = RecordSorter(kind: DropLists.kind, scratch: scratch, memoryBytesMax: memoryBytesMax)
        for place in 0..<sets.count {
            let root = sets.root(place)
            guard root != place else { continue }
            let (key, kept) = (try signatures.key(of: place).packed, try signatures.key(of: root).packed)
            try dropped.add(SortRecord(key: key, value: kept))
            try byKept.add(SortRecord(key: kept, value: key))
        }
        try drops.write(dropped)
        var group: (kept: UInt64, size: Int) = (0, 0)
        try byKept.forEach { record in
            if group.size == 0 || record.key != group.kept {
                counts.add(group: group.size)
                group = (record.key, 1)
            }
            group.size += 1
        }
        counts.add(group: group.size)
    }
}
