import Dialogue
import Foundation
import JSON

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A server that speaks OpenAI's chat completions.
package struct JudgeEndpoint: Sendable {
    private let base: URL
    private let model: String?
    private let key: String?
    private static let secondsMax = 300.0
    /// A busy server or a broken connection is asked again: hundreds of judgements should not be lost for one.
    private static let attemptsMax = 4
    /// Before the second attempt; twice as long before each further one.
    private static let pauseSeconds = 2.0

    /// - Parameters:
    ///   - base: such as `http://127.0.0.1:8080/v1`.
    ///   - model: as the server calls it; nil for the first that it has.
    ///   - key: sent as a bearer token; it is in no message and no result.
    /// - Throws: `EvaluationError.invalidSetting`.
    package init(base: String, model: String?, key: String?) throws(EvaluationError) {
        guard let url = URL(string: base), let scheme = url.scheme, ["http", "https"].contains(scheme), url.host != nil
        else {
            throw .invalidSetting(
                name: "--judge", expected: "an address such as http://127.0.0.1:8080/v1", actual: base)
        }
        self.base = url
        self.model = model
        self.key = key
    }

    /// The same with its model named, so that nobody has to ask for each question.
    ///
    /// - Throws: `EvaluationError.judge`.
    func named() async throws -> JudgeEndpoint {
        guard model == nil else { return self }
        let list = try await answer("models", nil)
        guard let name = list["data"]?[0]?["id"]?.string else { throw failure("has no model") }
        return try JudgeEndpoint(base: base.absoluteString, model: name, key: key)
    }

    /// - Throws: `EvaluationError.judge`.
    func reply(_ messages: [Message], tokensMax: Int) async throws -> String {
        let json = try await answer(
            "chat/completions",
            [
                "model": .string(model ?? ""), "temperature": 0, "max_tokens": .int(tokensMax),
                "messages": .array(
                    messages.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] }),
            ])
        guard let text = json["choices"]?[0]?["message"]?["content"]?.string else {
            throw failure("answered without a message")
        }
        return text
    }

    /// - Parameter body: nil to get.
    private func answer(_ path: String, _ body: JSONValue?) async throws -> JSONValue {
        var request = URLRequest(url: base.appendingPathComponent(path), timeoutInterval: Self.secondsMax)
        request.httpMethod = body == nil ? "GET" : "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        request.httpBody = body.map { Data($0.serialized().utf8) }
        let (data, response) = try await sent(request)
        let json = data.count <= EvaluationLimits.judgeBytesMax ? try? JSONValue(parsing: data) : nil
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard status == 200, let json else {
            let said = (json?["error"]?["message"]?.string).map { ": \($0.prefix(Self.messageCharactersMax))" } ?? ""
            throw failure("answered with status \(status)\(said)")
        }
        return json
    }

    private func sent(_ request: URLRequest) async throws -> (Data, URLResponse) {
        var pause = Self.pauseSeconds
        for attempt in 1... {
            do {
                let (data, response) = try await URLSession.shared.data(for: request)
                let status = (response as? HTTPURLResponse)?.statusCode ?? 0
                if status != 429 && status < 500 || attempt == Self.attemptsMax { return (data, response) }
            } catch {
                guard attempt < Self.attemptsMax, !Task.isCancelled else {
                    throw failure("does not answer: \(error.localizedDescription)")
                }
            }
            try await Task.sleep(for: .seconds(pause))
            pause *= 2
        }
        throw failure("does not answer")
    }

    /// Of a server's own words in an error.
    private static let messageCharactersMax = 300

    private func failure(_ what: String) -> EvaluationError {
        .judge(reason: "\(base.host ?? "")\(base.port.map { ":\($0)" } ?? "") \(what)")
    }
}
