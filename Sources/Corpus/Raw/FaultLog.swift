/// What was passed over in a file: the first ones in words, all of them counted.
struct FaultLog {
    let file: String
    let faultsMax: Int
    private(set) var faults: [CorpusError] = []
    private(set) var count = 0

    init(file: String, faultsMax: Int) {
        self.file = file
        self.faultsMax = faultsMax
    }

    mutating func note(_ error: CorpusError) {
        count += 1
        if faults.count < faultsMax { faults.append(error) }
    }

    mutating func note(_ place: String, _ reason: String) {
        note(.passedOver(file: file, place: place, reason: reason))
    }
}
