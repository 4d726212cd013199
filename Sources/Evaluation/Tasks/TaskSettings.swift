import Foundation
import Kernels

/// How tasks are made.
package struct TaskSettings: Sendable {
    /// Folders in which tasks look for their data.
    package var folders: [String]
    /// Files and folders of text whose bits are counted, and from which sentences are taken.
    package var texts: [String] = []
    /// Items of a task at most; drawn by the seed. Nil takes all there are; tasks that are generated have 200 then.
    package var limit: Int?
    /// Examples before each question; nil leaves it to the task.
    package var shots: Int?
    package var seed: UInt64 = 1

    package init(folders: [String]) { self.folders = folders }

    /// Items of a task that could have any number.
    static let generatedItems = 200

    var generatedCount: Int { min(limit ?? Self.generatedItems, EvaluationLimits.itemsMax) }

    /// A generator of random numbers for one purpose; another purpose has others.
    func generator(_ purpose: String) -> SplitMix64 {
        let hash = purpose.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return SplitMix64(seed: seed ^ hash)
    }

    /// As many elements as the limit allows, in their own order.
    func limited<Element>(_ elements: [Element], _ purpose: String) -> [Element] {
        guard let limit else { return elements }
        var generator = generator(purpose)
        return generator.sample(limit, of: elements)
    }

    /// The first of some names, relative to the folders, that is there.
    func find(_ names: [String], task: String, source: String) throws(EvaluationError) -> String {
        for folder in folders {
            for name in names where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                return "\(folder)/\(name)"
            }
        }
        throw .noData(task: task, files: names, folders: folders, source: source)
    }
}
