import Sorting

/// The documents of all units, counted through in the order of the corpus.
struct UnitSignatures {
    private var units: [Int] = []
    private var files: [SketchFile] = []
    /// The first place of each unit, and the number of all documents.
    private var starts: [Int] = [0]
    private var order: [Int: Int] = [:]

    init(_ paths: [(unit: Int, path: String)], tag: UInt64) throws(SortingError) {
        for (unit, path) in paths.sorted(by: { $0.unit < $1.unit }) {
            precondition(order[unit] == nil, "a unit is given once")
            let file = try SketchFile(path: path + ".sketches", tag: tag)
            order[unit] = units.count
            units.append(unit)
            files.append(file)
            starts.append(starts[starts.count - 1] + file.count)
        }
    }

    var count: Int { starts[starts.count - 1] }

    /// The place of a document that a run names.
    func place(of key: DocumentKey) throws(SortingError) -> Int {
        guard let file = order[Int(key.unit)], key.index >= 0, Int(key.index) < files[file].count else {
            throw .damaged(
                path: "bands of unit \(key.unit)", field: "document", expected: "one that has a sketch",
                actual: "\(key.index)")
        }
        return starts[file] + Int(key.index)
    }

    func key(of place: Int) throws(SortingError) -> DocumentKey {
        let (file, own) = split(place)
        return DocumentKey(unit: units[file], index: try files[file].index(own))
    }

    func matches(_ a: Int, _ b: Int) -> Int {
        let ((file, place), (other, otherPlace)) = (split(a), split(b))
        return files[file].matches(place, files[other], otherPlace)
    }

    /// The unit that a place lies in, and which of its documents.
    private func split(_ place: Int) -> (file: Int, place: Int) {
        var (low, high) = (0, files.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= place { low = middle } else { high = middle }
        }
        return (low, place - starts[low])
    }
}
