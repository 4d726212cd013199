import Foundation
import Model

extension ModelShelf {
    /// Reads an adapter for a model, which is loaded for it if need be. From then on its name is a model's.
    ///
    /// - Parameters:
    ///   - parent: the model that it changes; nil is the default.
    ///   - owner: who may let it go again; nil is the operator.
    /// - Throws: `AssistantError.adapter`, `Failure.unknown`, or what loading the model threw.
    public func loadAdapter(
        name: String, path: String, parent: String? = nil, owner: String? = nil
    ) async throws -> AdapterShelf.Entry {
        let parent = parent ?? defaultName
        guard !entries.contains(where: { $0.name == name }) else {
            throw AssistantError.adapter(name: name, reason: "a model has this name")
        }
        let entry = try adapters.reserve(name: name, path: path, parent: parent, owner: owner)
        do {
            let assistant = try await assistant(named: parent)
            // Reading takes a while of computing: on a thread of its own, not on one that serves requests.
            let adapter = try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result { try assistant.loadAdapter(path: path) }) }
            }
            adapters.fill(entry, with: adapter)
            return entry
        } catch {
            adapters.remove(entry)
            throw error
        }
    }

    /// Lets an adapter go. Requests that run with it go on with it.
    ///
    /// - Throws: `Failure.unknown`; `Failure.notYours` for one that somebody else brought.
    public nonisolated func unloadAdapter(name: String, owner: String? = nil) throws {
        guard let entry = adapters.entries.first(where: { $0.name == name }) else { throw Failure.unknown(name) }
        guard owner == nil || entry.owner == owner else { throw Failure.notYours(name) }
        adapters.remove(entry)
    }

    /// The model or adapter with this name, or the default, with the adapters that a request chose.
    ///
    /// - Parameter choices: nil leaves it at what the name stands for.
    /// - Throws: `Failure.unknown`, `Failure.unknownAdapter` for a choice that this model does not have, or what
    ///   loading threw.
    public func assistant(named name: String?, with choices: [AdapterChoice]?) async throws -> Assistant {
        let named = name.flatMap { adapters.adapter(.name($0)) }
        let base = try await assistant(named: named?.entry.parent ?? name)
        guard let choices else {
            return try named.map { try base.adapted(by: [AdapterUse($0.adapter)], name: $0.entry.name) } ?? base
        }
        let uses = try choices.enumerated().map { place, choice in
            guard let found = adapters.adapter(choice.which), found.entry.parent == base.name else {
                throw Failure.unknownAdapter(place: place)
            }
            return AdapterUse(found.adapter, scale: choice.scale)
        }
        return try base.adapted(by: uses, name: named?.entry.name)
    }

    /// Models, then adapters.
    public nonisolated var names: [String] { entries.map(\.name) + adapters.entries.map(\.name) }
}
