import Foundation
import Testing
import Washing

struct OutputCheckTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "danlu-output-\(UUID().uuidString)")
        .path

    private func error(_ output: String) throws -> String? {
        try FileManager.default.createDirectory(atPath: folder + "/raw", withIntermediateDirectories: true)
        try Data("A line of text.\n".utf8).write(to: URL(filePath: folder + "/raw/a.txt"))
        do {
            _ = try Washer(
                inputs: [folder + "/raw"], recipe: Recipe(text: "[normalize]\n", file: "test"), output: output,
                options: WashingOptions(threads: 1))
            return nil
        } catch let error as WashingError {
            return error.description
        }
    }

    /// What is washed into a folder that is read would be washed again.
    @Test func placesWithinTheInputAreRefused() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for place in ["raw", "raw/", "raw/out", "raw/deep/../deeper/out", "other/../raw"] {
            let error = try #require(try error("\(folder)/\(place)"))
            #expect(error.contains("lies in the input") && error.contains("--output"), "\(place): \(error)")
        }
        #expect(try error(folder + "/raw2") == nil)
    }

    @Test func whatOthersWroteIsNotMixedUp() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/mine", withIntermediateDirectories: true)
        #expect(try error(folder + "/mine") == nil)
        try Data("x".utf8).write(to: URL(filePath: folder + "/mine/thesis.txt"))
        #expect(try error(folder + "/mine")?.contains("it holds thesis.txt") == true)
        #expect(try error(folder + "/mine/thesis.txt")?.contains("it is a file") == true)
        // A washing that was begun there goes on.
        try FileManager.default.createDirectory(atPath: folder + "/mine/.work", withIntermediateDirectories: true)
        #expect(try error(folder + "/mine") == nil)
    }
}
