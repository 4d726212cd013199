import Foundation

/// The models of this machine by name, loaded when first asked for and at most a few at a time.
///
/// Loading one more than `loadedMax` lets go of the one unused for longest; answers that still run on it finish.
public actor ModelShelf {
    public struct Entry: Sendable, Equatable {
        public var name: String
        public var path: String

        public init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    public enum Failure: Error, Equatable {
        case unknown(String)
        /// The choice at this place is none of the model's adapters.
        case unknownAdapter(place: Int)
        case notYours(String)
    }

    public nonisolated let entries: [Entry]
    public nonisolated let defaultName: String
    public nonisolated let adapters: AdapterShelf
    private let loadedMax: Int
    private let load: @Sendable (Entry) throws -> Assistant
    private var loaded: [(name: String, assistant: Task<Assistant, any Error>)] = []

    /// - Parameter entries: the first is the default.
    public init(
        _ entries: [Entry], loadedMax: Int = 2, limits: AssistantLimits = AssistantLimits(),
        load: @escaping @Sendable (Entry) throws -> Assistant
    ) {
        precondition(!entries.isEmpty && loadedMax > 0)
        self.entries = entries
        defaultName = entries[0].name
        self.loadedMax = loadedMax
        adapters = AdapterShelf(limits)
        self.load = load
    }

    /// The model with this name, or the default. Throws `Failure.unknown`, or what loading threw.
    public func assistant(named name: String? = nil) async throws -> Assistant {
        let name = name ?? defaultName
        guard let entry = entries.first(where: { $0.name == name }) else { throw Failure.unknown(name) }
        let task = loading(entry)
        do {
            return try await task.value
        } catch {
            loaded.removeAll { $0.name == name }
            throw error
        }
    }

    /// The models in memory, most recently used last.
    public func loadedAssistants() async -> [Assistant] {
        var assistants: [Assistant] = []
        for entry in loaded { if let assistant = try? await entry.assistant.value { assistants.append(assistant) } }
        return assistants
    }

    private func loading(_ entry: Entry) -> Task<Assistant, any Error> {
        if let place = loaded.firstIndex(where: { $0.name == entry.name }) {
            let found = loaded.remove(at: place)
            loaded.append(found)
            return found.assistant
        }
        if loaded.count >= loadedMax {
            let oldest = loaded.removeFirst()
            Task { try? await oldest.assistant.value.drain(secondsMax: .infinity) }
        }
        let load = self.load
        // Loading takes seconds of computing: on a thread of its own, not on one that serves requests.
        let task = Task<Assistant, any Error> {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result { try load(entry) }) }
            }
        }
        loaded.append((entry.name, task))
        return task
    }
}
