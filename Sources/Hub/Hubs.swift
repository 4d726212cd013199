import Foundation
import JSON

/// Lists what the two model hubs hold and picks the files that are meant.
struct Hubs: Sendable {
    let client: HTTPClient
    let endpoints: Endpoints
    /// Seconds allowed for the first answer.
    let patience: Double

    struct Listed: Sendable, Equatable {
        let path: String
        let size: Int
        let sha256: String?
    }

    func huggingFace(_ repository: String, _ file: String?) async throws -> Plan {
        let fields = endpoints.huggingFaceToken.map { ["Authorization": "Bearer \($0)"] } ?? [:]
        let text = "\(endpoints.huggingFace)/api/models/\(repository)/tree/main?recursive=true"
        let list = try await json(text, fields)
        let listed = (list.array ?? []).compactMap { item -> Listed? in
            guard item["type"]?.string == "file", let path = item["path"]?.string else { return nil }
            let sum = item["lfs"]?["oid"]?.string.flatMap { Digest.isSHA256($0) ? $0 : nil }
            return Listed(path: path, size: item["lfs"]?["size"]?.int ?? item["size"]?.int ?? -1, sha256: sum)
        }
        return try plan(listed, file, "hf:\(repository)", fields) { path in
            "\(endpoints.huggingFace)/\(repository)/resolve/main/\(path)"
        }
    }

    func modelScope(_ repository: String, _ file: String?) async throws -> Plan {
        let fields = endpoints.modelScopeToken.map { ["Authorization": "Bearer \($0)"] } ?? [:]
        let base = "\(endpoints.modelScope)/api/v1/models/\(repository)/repo"
        let list = try await json("\(base)/files?Revision=master&Recursive=true", fields)
        let listed = (list["Data"]?["Files"]?.array ?? []).compactMap { item -> Listed? in
            guard item["Type"]?.string != "tree", let path = item["Path"]?.string else { return nil }
            let sum = item["Sha256"]?.string.flatMap { Digest.isSHA256($0) ? $0 : nil }
            return Listed(path: path, size: item["Size"]?.int ?? -1, sha256: sum)
        }
        return try plan(listed, file, "modelscope:\(repository)", fields) { path in
            "\(base)?Revision=master&FilePath=\(path)"
        }
    }

    private func json(_ text: String, _ fields: [String: String]) async throws -> JSONValue {
        guard let url = URL(string: text) else { throw HubError.invalidReference(text, reason: "no URL") }
        let (head, body) = try await Retry.answer(client, url, fields, patience)
        guard head.status == 200 else { throw Retry.error(head, HTTPClient.withoutSecrets(url)) }
        do { return try JSONValue(parsing: body) } catch {
            throw HubError.badAnswer(url: HTTPClient.withoutSecrets(url), reason: "\(error)")
        }
    }

    private func plan(
        _ listed: [Listed], _ file: String?, _ shown: String, _ fields: [String: String], url: (String) -> String
    ) throws -> Plan {
        let (chosen, others) = try Self.choose(listed, file, shown, filesMax: client.limits.filesMax)
        let files = try chosen.map { item in
            let path = try SafePath.check(item.path)
            let escaped = path.addingPercentEncoding(withAllowedCharacters: Self.plain) ?? path
            guard let url = URL(string: url(escaped)) else { throw HubError.invalidReference(path, reason: "no URL") }
            return RemoteFile(
                url: url, fields: fields, size: item.size >= 0 ? item.size : nil, sha256: item.sha256, name: path)
        }
        return Plan(files: files, others: others)
    }

    private static let plain = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")

    /// The named file with all its shards; else the GGUF that suits most (Q4_K_M first); else a safetensors folder.
    static func choose(
        _ listed: [Listed], _ file: String?, _ shown: String, filesMax: Int
    ) throws(HubError) -> (chosen: [Listed], others: [String]) {
        let models = listed.filter {
            $0.path.lowercased().hasSuffix(".gguf") && !$0.path.lowercased().contains("mmproj")
        }
        if let file {
            guard
                let named = listed.first(where: { $0.path == file })
                    ?? models.first(where: { $0.path.lowercased() == file.lowercased() })
            else { throw .noFile(what: "\(shown):\(file)", available: (models.isEmpty ? listed : models).map(\.path)) }
            return (shards(of: named, in: listed), [])
        }
        if !models.isEmpty {
            let order = ["q4_k_m", "q4_k_s", "q5_k_m", "q8_0", "q6_k", "q4_0", "f16", "bf16"]
            let best = order.lazy.compactMap { kind in models.first { $0.path.lowercased().contains(kind) } }.first
            let chosen = shards(of: best ?? models[0], in: models)
            return (chosen, models.filter { !chosen.contains($0) }.map(\.path))
        }
        let hasWeights = listed.contains { !$0.path.contains("/") && $0.path.hasSuffix(".safetensors") }
        guard hasWeights, listed.contains(where: { $0.path == "config.json" }) else {
            throw .noFile(
                what: "\(shown) (a GGUF file, or config.json with safetensors)", available: listed.map(\.path))
        }
        let chosen = listed.filter { item in
            !item.path.contains("/")
                && [".safetensors", ".json", ".jinja", ".model", "LICENSE"].contains { item.path.hasSuffix($0) }
        }
        guard chosen.count <= filesMax else { throw .tooLarge(what: shown, bytes: chosen.count, bytesMax: filesMax) }
        return (chosen, [])
    }

    /// `x-00001-of-00003.gguf` stands for all three.
    private static func shards(of item: Listed, in all: [Listed]) -> [Listed] {
        guard let range = item.path.range(of: "-[0-9]{5}-of-[0-9]{5}", options: .regularExpression) else {
            return [item]
        }
        let (head, total, tail) = (
            item.path[..<range.lowerBound], item.path[range].suffix(5), item.path[range.upperBound...]
        )
        return all.filter { other in
            other.path.hasPrefix(head) && other.path.hasSuffix("-of-\(total)\(tail)")
                && other.path.utf8.count == item.path.utf8.count
        }.sorted { $0.path < $1.path }
    }
}

extension Retry {
    /// A small answer, retried while the server is busy; silence is not waited out twice.
    static func answer(
        _ client: HTTPClient, _ url: URL, _ fields: [String: String], _ patience: Double
    ) async throws -> (HTTPClient.Head, Data) {
        var failures = 0
        while true {
            let (head, body) = try await client.answer(url, fields: fields, headSeconds: patience)
            guard head.status == 429 || head.status >= 500, failures + 1 < client.limits.attemptsMax,
                let wait = wait(
                    after: error(head, HTTPClient.withoutSecrets(url)), failures: failures, limits: client.limits)
            else { return (head, body) }
            failures += 1
            try await Task.sleep(for: .seconds(wait))
        }
    }
}
