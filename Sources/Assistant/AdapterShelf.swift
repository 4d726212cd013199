import Model
import Synchronization

/// The adapters in memory by name. One that is let go lives on in the requests that run with it.
public final class AdapterShelf: Sendable {
    public struct Entry: Sendable, Equatable {
        /// A number that no other entry has, before or after.
        public let id: Int
        public let name: String
        public let path: String
        /// The model that it changes.
        public let parent: String
        /// Who brought it; nil for the operator, whose adapters nobody else lets go.
        public let owner: String?
    }

    private struct Place {
        let entry: Entry
        /// Nil while it is being read.
        var adapter: Adapter?
    }

    private struct State {
        var places: [Place] = []
        var lastID = -1
    }

    private let state = Mutex(State())
    let limits: AssistantLimits

    init(_ limits: AssistantLimits) { self.limits = limits }

    /// Those that can be used, in the order in which they came.
    public var entries: [Entry] { state.withLock { $0.places.filter { $0.adapter != nil }.map(\.entry) } }

    func adapter(_ choice: AdapterChoice.Which) -> (entry: Entry, adapter: Adapter)? {
        state.withLock { state in
            for place in state.places {
                guard let adapter = place.adapter else { continue }
                switch choice {
                case .id(place.entry.id), .name(place.entry.name): return (place.entry, adapter)
                case .id, .name: continue
                }
            }
            return nil
        }
    }

    /// Takes the name, so that nobody else does while the adapter is read.
    ///
    /// - Throws: `AssistantError.adapter` when the name is taken or none, or there are too many.
    func reserve(
        name: String, path: String, parent: String, owner: String?
    ) throws(AssistantError) -> Entry {
        let isPlain = !name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard !name.isEmpty, name.utf8.count <= limits.adapterNameBytesMax, isPlain else {
            throw .adapter(
                name: name,
                reason: "its name must have 1 to \(limits.adapterNameBytesMax) bytes, none of them a control character")
        }
        let result: Result<Entry, AssistantError> = state.withLock { state in
            guard !state.places.contains(where: { $0.entry.name == name }) else {
                return .failure(.adapter(name: name, reason: "an adapter of this name is there already"))
            }
            guard state.places.count < limits.adaptersMax else {
                return .failure(
                    .adapter(name: name, reason: "\(limits.adaptersMax) are in memory, the limit; let one go first"))
            }
            state.lastID += 1
            let entry = Entry(id: state.lastID, name: name, path: path, parent: parent, owner: owner)
            state.places.append(Place(entry: entry))
            return .success(entry)
        }
        return try result.get()
    }

    func fill(_ entry: Entry, with adapter: Adapter) {
        state.withLock { state in
            guard let index = state.places.firstIndex(where: { $0.entry == entry }) else { return }
            state.places[index].adapter = adapter
        }
    }

    func remove(_ entry: Entry) { state.withLock { $0.places.removeAll { $0.entry == entry } } }
}
