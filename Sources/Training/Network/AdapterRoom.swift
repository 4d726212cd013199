/// Columns that adapters' terms take beside the inputs of a layer's products, and beside their outputs' gradients.
struct AdapterRoom: Sendable {
    var attentionInput = 0
    var attentionOutput = 0
    var feedForwardInput = 0
    var feedForwardOutput = 0

    static let none = AdapterRoom()

    /// Of the products that a row of the model's width goes into, or comes back to.
    var most: Int { max(attentionInput, attentionOutput, feedForwardInput, feedForwardOutput) }

    init() {}

    init(_ scratch: [WeightGroup: AdapterScratch]) {
        attentionInput = scratch[.attentionInput]?.room ?? 0
        attentionOutput = scratch[.attentionOutput]?.room ?? 0
        feedForwardInput = scratch[.feedForwardInput]?.room ?? 0
        feedForwardOutput = scratch[.feedForwardOutput]?.room ?? 0
    }
}
