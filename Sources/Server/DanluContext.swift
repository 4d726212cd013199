import Hummingbird

/// What a request carries through the middlewares.
struct DanluContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The name of the key that the request came with; empty where no key is needed.
    var owner = ""

    init(source: Source) { coreContext = .init(source: source) }
}
