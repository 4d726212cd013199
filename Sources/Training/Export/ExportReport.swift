import JSON
import Kernels

/// What was written.
package struct ExportReport: Sendable {
    package var path: String
    package var bytes: Int
    /// Of the file with the weights, in hex.
    package var sha256: String
    package var parameters: Int
    /// How many tensors have which type.
    package var types: [ElementType: Int]
    /// Tensors whose rows are no whole blocks of the type they should have, and the type they have.
    package var fallbacks: [(tensor: String, columns: Int, type: ElementType)]

    package var json: JSONObject {
        [
            "output": .string(path), "bytes": .int(bytes), "sha256": .string(sha256), "parameters": .int(parameters),
            "tensors": .object(
                JSONObject(types.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.name, .int($0.value)) })),
            "fallbacks": .array(
                fallbacks.map {
                    ["tensor": .string($0.tensor), "columns": .int($0.columns), "type": .string($0.type.name)]
                }),
        ]
    }
}
