import Foundation
import Hummingbird
import JSON
import Provenance
import Store

extension PageAPI {
    private static let spansMax = 12
    private static let documentsMax = 3

    /// What of an answer stands in the training text.
    func trace(_ message: MessageRecord) async throws -> Response {
        guard let corpus else { throw APIError(.notFound, "There is no index of a corpus here.", code: "not_found") }
        let content = message.content
        var question = ""
        if let parent = message.parent { question = try await service.store.message(parent).content }
        let asked = question
        // A question to the disk: neither the event loop nor Swift's threads wait for it.
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result { () throws(ProvenanceError) -> JSONObject in
                        try AnswerTrace(
                            of: content, to: asked, in: corpus, spansMax: Self.spansMax,
                            documentsMax: Self.documentsMax
                        ).json
                    })
            }
        }
        switch result {
        case .success(let trace): return .json(.object(trace))
        case .failure(let error):
            // Paths of this machine are no reader's business.
            service.logger.error("trace: \(error)")
            throw APIError(.internalServerError, "The index of the corpus cannot be read.", code: "trace_failed")
        }
    }
}
