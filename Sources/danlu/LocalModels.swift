import Assistant
import Foundation
import Hub

/// The models of this machine, opened by what people type for them.
enum LocalModels {
    /// What a model is called in answers: its installed name, or the file's or folder's own.
    static func entry(_ text: String?) throws -> ModelShelf.Entry {
        let library = try ModelHome.library()
        let path = try library.resolve(text).path
        if let model = library.models().first(where: { $0.path.path == path }) {
            return ModelShelf.Entry(name: model.name, path: path)
        }
        let file = URL(filePath: path)
        let isGGUF = file.pathExtension.lowercased() == "gguf"
        return ModelShelf.Entry(
            name: isGGUF ? file.deletingPathExtension().lastPathComponent : file.lastPathComponent, path: path)
    }

    /// A model's text half, and what it is called.
    static func text(_ text: String?) throws -> TextModel { try TextModel(path: entry(text).path) }

    static func assistant(_ text: String?, _ options: AssistantOptions) throws -> Assistant {
        try load(entry(text), options)
    }

    /// All installed models; the first one asked for, or the default, stands first. It may also be a path. The draft
    /// model is for that one.
    static func shelf(first: String?, _ options: AssistantOptions) throws -> ModelShelf {
        let chosen = try entry(first)
        let others = try ModelHome.library().models()
            .map { ModelShelf.Entry(name: $0.name, path: $0.path.path) }
            .filter { $0.name != chosen.name }
        return ModelShelf([chosen] + others) { entry in
            var options = options
            if entry != chosen { options.draftPath = nil }
            return try load(entry, options)
        }
    }

    private static func load(_ entry: ModelShelf.Entry, _ options: AssistantOptions) throws -> Assistant {
        let progress = LoadProgress(name: entry.name)
        defer { progress.finish() }
        return try Assistant.load(path: entry.path, name: entry.name, options: options) { progress.take($0) }
    }
}
