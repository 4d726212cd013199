import Foundation

/// The chapters of a book, in the order in which they are read: pages, each of which may be text or an index.
final class EPUBRecords: RecordSource {
    private let archive: ZipArchive
    private let limits: CorpusLimits
    private var chapters: ArraySlice<ZipArchive.Member>
    private var metadata: [String: String] = [:]
    private(set) var bytesRead = 0
    private static let packageBytesMax = 8 << 20
    private static let known = ["title": "title", "language": "language", "creator": "author", "date": "date"]

    init(path: String, name: String, _ limits: CorpusLimits) throws(CorpusError) {
        archive = try ZipArchive(path: path, name: name, limits: limits)
        self.limits = limits
        chapters = []
        let byName = Dictionary(archive.members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        // A book whose list of chapters is broken still has its pages.
        let named = Self.package(archive, byName).map { read(package: $0, byName) } ?? []
        let pages = archive.members.filter { member in
            [".html", ".xhtml", ".htm"].contains { member.name.lowercased().hasSuffix($0) }
        }
        chapters = (named.isEmpty ? pages.sorted { $0.name < $1.name } : named)[...]
        guard !chapters.isEmpty else { throw .passedOver(file: name, place: "", reason: "it has no pages") }
    }

    /// The book's description: which member it is, `META-INF/container.xml` says.
    private static func package(
        _ archive: ZipArchive, _ byName: [String: ZipArchive.Member]
    ) -> (path: String, bytes: [UInt8])? {
        guard let container = byName["META-INF/container.xml"],
            let bytes = try? archive.bytes(of: container, bytesMax: packageBytesMax),
            let path = XMLTags(bytes).first(where: { $0.name == "rootfile" })?.attributes["full-path"],
            let member = byName[path], let package = try? archive.bytes(of: member, bytesMax: packageBytesMax)
        else { return nil }
        return (path, package)
    }

    private func read(
        package: (path: String, bytes: [UInt8]), _ byName: [String: ZipArchive.Member]
    ) -> [ZipArchive.Member] {
        var pages: [String: String] = [:]
        var order: [String] = []
        for tag in XMLTags(package.bytes) {
            if let name = Self.known[tag.name], metadata[name] == nil, !tag.text.isEmpty { metadata[name] = tag.text }
            if tag.name == "item", let id = tag.attributes["id"], let href = tag.attributes["href"] { pages[id] = href }
            if tag.name == "itemref", let id = tag.attributes["idref"], tag.attributes["linear"] != "no" {
                order.append(id)
            }
        }
        let folder = package.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return order.compactMap { id in
            pages[id].flatMap { byName[Self.path(folder.map(String.init), $0)] }
        }
    }

    /// Where a reference leads, as a member's name.
    private static func path(_ folder: [String], _ href: String) -> String {
        var parts = folder
        let bare = href.prefix { $0 != "#" }
        for part in (String(bare).removingPercentEncoding ?? String(bare)).split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        while let chapter = chapters.popFirst() {
            do throws(CorpusError) {
                let bytes = try archive.bytes(of: chapter, bytesMax: limits.documentBytesMax)
                bytesRead += bytes.count
                if let page = Page.document(bytes, label: nil, place: chapter.name, metadata: metadata, &faults) {
                    return page
                }
            } catch {
                faults.note(error)
            }
        }
        return nil
    }
}
