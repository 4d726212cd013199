/// What happens during a pull, in order.
public enum PullEvent: Sendable {
    /// Another process pulls this name; waiting for it.
    case waiting(name: String)
    case trying(name: String, source: String)
    case sourceFailed(source: String, reason: String)
    /// The chosen files, their bytes where known, and files that were not chosen.
    case planned(files: [String], bytes: Int?, resumedBytes: Int, others: [String])
    case progress(PullProgress)
    case retrying(reason: String, seconds: Double)
    case assembling(file: String)
    case done(Manifest, wasThere: Bool)
}
