import Assistant
import Synchronization
import Testing

/// Loading by name, once, and letting go of what was not used for longest.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ModelShelfTests {
    private final class Counter: Sendable {
        let names = Mutex<[String]>([])
    }

    private struct Broken: Error {}

    private func shelf(_ names: [String], loadedMax: Int, _ counter: Counter, in tiny: TinyModel) -> ModelShelf {
        let entries = names.map { ModelShelf.Entry(name: $0, path: tiny.folder.path) }
        return ModelShelf(entries, loadedMax: loadedMax) { entry in
            counter.names.withLock { $0.append(entry.name) }
            if entry.name == "broken" { throw Broken() }
            return try Assistant.load(path: entry.path, name: entry.name)
        }
    }

    @Test func manyAskersLoadOnce() async throws {
        let tiny = try TinyModel()
        defer { tiny.remove() }
        let counter = Counter()
        let shelf = shelf(["a", "b"], loadedMax: 2, counter, in: tiny)
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for place in 0..<8 { group.addTask { try await shelf.assistant(named: place % 2 == 0 ? nil : "a").name } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(names == Array(repeating: "a", count: 8))
        #expect(counter.names.withLock { $0 } == ["a"])
    }

    @Test func theOneUnusedForLongestGoes() async throws {
        let tiny = try TinyModel()
        defer { tiny.remove() }
        let shelf = shelf(["a", "b", "c"], loadedMax: 2, Counter(), in: tiny)
        for name in ["a", "b", "a", "c"] { _ = try await shelf.assistant(named: name) }
        #expect(await shelf.loadedAssistants().map(\.name) == ["a", "c"])
    }

    @Test func whatIsUnknownOrBrokenIsThrownAndTriedAgain() async throws {
        let tiny = try TinyModel()
        defer { tiny.remove() }
        let counter = Counter()
        let shelf = shelf(["a", "broken"], loadedMax: 2, counter, in: tiny)
        await #expect(throws: ModelShelf.Failure.unknown("zzz")) { _ = try await shelf.assistant(named: "zzz") }
        for _ in 0..<2 {
            await #expect(throws: Broken.self) { _ = try await shelf.assistant(named: "broken") }
        }
        #expect(counter.names.withLock { $0 } == ["broken", "broken"])
        #expect(await shelf.loadedAssistants().isEmpty)
    }
}
