import ArgumentParser

/// Numbers with commas between them: `512,2048`.
struct NumberList: ExpressibleByArgument, Equatable {
    var values: [Int]

    init(_ values: [Int]) { self.values = values }

    init?(argument: String) {
        values = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = Int(part) else { return nil }
            values.append(value)
        }
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}
