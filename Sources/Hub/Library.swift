import Foundation

/// The models under `DANLU_HOME`.
public struct Library: Sendable {
    public let home: Home
    public let catalogue: Catalogue

    public init(home: Home = .fromEnvironment, catalogue: Catalogue) {
        self.home = home
        self.catalogue = catalogue
    }

    /// All whole models, by name.
    public func models() -> [InstalledModel] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: home.models.path)) ?? []
        return names.sorted().compactMap { text in (try? ModelName(text)).flatMap { installed($0) } }
    }

    /// The model with a name or alias, if it is here.
    public func model(_ text: String) -> InstalledModel? {
        if let entry = catalogue.entry(text), let model = installed(entry.name) { return model }
        return (try? ModelName(text)).flatMap { installed($0) }
    }

    /// Turns what people type for a model into the path to open: an installed name first, then a file or folder.
    ///
    /// Nil means the default: the catalogue's if it is here, else the only or first model.
    public func resolve(_ text: String?) throws(HubError) -> URL {
        guard let text, !text.isEmpty else {
            guard let model = model(catalogue.defaultName) ?? models().first else {
                throw .notInstalled(catalogue.defaultName, installed: [])
            }
            return model.path
        }
        if let model = model(text) { return model.path }
        guard !text.utf8.contains(0), FileManager.default.fileExists(atPath: text) else {
            throw .notInstalled(text, installed: models().map(\.name))
        }
        return URL(fileURLWithPath: text)
    }

    /// Removes a model's folder; only names, never paths. Returns the bytes freed.
    @discardableResult
    public func remove(_ text: String) throws(HubError) -> Int {
        let name: ModelName
        if let entry = catalogue.entry(text) { name = entry.name } else { name = try ModelName(text) }
        guard let model = installed(name) else { throw .notInstalled(text, installed: models().map(\.name)) }
        let lock = try Lock(name: name, home: home)
        guard try lock.take() else {
            throw .file(operation: "remove", path: model.folder.path, reason: "it is being pulled")
        }
        // One rename makes it vanish for everyone; what is slow comes after.
        let grave = home.partial.appending(path: ".removed-\(UUID().uuidString)")
        do {
            try FileManager.default.moveItem(at: model.folder, to: grave)
            try FileManager.default.removeItem(at: grave)
        } catch { throw .file(operation: "remove", path: model.folder.path, reason: error.localizedDescription) }
        return model.bytes
    }

    func installed(_ name: ModelName) -> InstalledModel? {
        let folder = home.model(name)
        guard let data = FileManager.default.contents(atPath: folder.appending(path: Manifest.fileName).path),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: data), !manifest.files.isEmpty,
            manifest.files.allSatisfy({ (try? SafePath.check($0.name)) != nil && $0.size >= 0 })
        else { return nil }
        let first = manifest.files.map(\.name).filter { $0.lowercased().hasSuffix(".gguf") }.sorted().first
        let path = first.map { folder.appending(path: $0) } ?? folder
        return InstalledModel(name: name.text, path: path, folder: folder, manifest: manifest)
    }
}
