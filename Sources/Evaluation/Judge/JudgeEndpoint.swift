import Dialogue
import Foundation
import JSON

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A server that speaks OpenAI's chat completions.
package struct JudgeEndpoint: Sendable {
    private let url: URL
    private let model: String
    private let key: String?
    private static let secondsMax = 300.0

    /// - Parameters:
    ///   - base: such as `http://127.0.0.1:8080/v1`.
    ///   - key: sent as a bearer token; it is in no message and no result.
    /// - Throws: `EvaluationError.invalidSetting`.
    package init(base: String, model: String, key: String?) throws(EvaluationError) {
        guard let url = URL(string: base + (base.hasSuffix("/") ? "" : "/") + "chat/completions"),
            let scheme = url.scheme, ["http", "https"].contains(scheme)
        else {
            throw .invalidSetting(
                name: "--judge", expected: "an address such as http://127.0.0.1:8080/v1", actual: base)
        }
        self.url = url
        self.model = model
        self.key = key
    }

    /// - Throws: `EvaluationError.judge`.
    func reply(_ messages: [Message], tokensMax: Int) async throws -> String {
        var request = URLRequest(url: url, timeoutInterval: Self.secondsMax)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        let body: JSONValue = [
            "model": .string(model), "temperature": 0, "max_tokens": .int(tokensMax),
            "messages": .array(
                messages.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] }),
        ]
        request.httpBody = Data(body.serialized().utf8)
        let (data, response): (Data, URLResponse)
        do { (data, response) = try await URLSession.shared.data(for: request) } catch {
            throw EvaluationError.judge(reason: "\(url.host ?? "") does not answer: \(error.localizedDescription)")
        }
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard status == 200, data.count <= EvaluationLimits.judgeBytesMax, let json = try? JSONValue(parsing: data),
            let text = json["choices"]?[0]?["message"]?["content"]?.string
        else { throw EvaluationError.judge(reason: "\(url.host ?? "") answered with status \(status) and no message") }
        return text
    }
}
