import HTTPTypes
import Hummingbird
import JSON

/// What the page of training runs asks: `/api/runs…`, described in docs/page-api.md.
struct RunsAPI {
    /// Nil where no folder was named: then there are no runs.
    let folder: RunsFolder?

    static let from = HTTPField.Name("Danlu-From")!
    static let next = HTTPField.Name("Danlu-Next")!

    func add(to group: RouterGroup<DanluContext>) {
        group.get("runs") { _, _ in Response.json(["runs": folder?.list() ?? []]) }
        group.get("runs/:name/log") { request, context in
            try log(try context.parameters.require("name"), request)
        }
    }

    private func log(_ name: String, _ request: Request) throws -> Response {
        let query = request.uri.queryParameters
        let from = try number(query["from"].map(String.init) ?? "0", "from", 0)
        let every = try number(query["every"].map(String.init) ?? "1", "every", 1)
        guard let folder else { throw APIError(.notFound, "There are no runs here.", code: "not_found") }
        let part = try folder.log(name.removingPercentEncoding ?? name, from: from, every: every)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/x-ndjson; charset=utf-8", .cacheControl: "no-store",
                Self.from: "\(part.from)", Self.next: "\(part.next)",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: part.bytes)))
    }

    private func number(_ text: String, _ name: String, _ least: Int) throws -> Int {
        guard let value = Int(text), value >= least, value < 1 << 50 else {
            throw APIError.invalid(name, "is no whole number from \(least).")
        }
        return value
    }
}
