import Kernels
import Model
import Weights

/// What is trained, as serving computes it: from memory, so that the weights are the trainer's at this moment.
extension Network {
    /// The model with its weights as they are now, in the precision of the network's own products.
    ///
    /// - Precondition: all weights are trained.
    package func transformer() throws(TrainingError) -> Transformer {
        precondition(adapter == nil, "the weights are the base's")
        do {
            return try Transformer(configuration, rotaryFactors: base?.rotaryFactors, on: pool) { [layout] name in
                layout.entries.first { $0.name == name }.map { self.tensor($0) }
            }
        } catch {
            throw .model(error)
        }
    }

    /// The adapter as it is now.
    ///
    /// - Parameter model: the base as it is served.
    /// - Precondition: an adapter is trained.
    package func servedAdapter(for model: Transformer) throws(TrainingError) -> Adapter {
        guard let adapter else { preconditionFailure("all weights are trained") }
        let tensors = layout.entries.map { tensor($0, isWhole: true) }
        do {
            return try Adapter(.folder(AdapterFolder(.object(adapter.peft(base: "")), tensors: tensors)), for: model)
        } catch {
            throw .model(error)
        }
    }

    private func tensor(_ entry: ParameterLayout.Entry, isWhole: Bool = false) -> TensorInfo {
        let isRounded = precision == .bf16 && entry.shape.count > 1 && !isWhole
        let type = isRounded ? ElementType.bf16 : .f32
        let bytes = [UInt8](unsafeUninitializedCapacity: type.bytes(elements: entry.count)) { bytes, filled in
            filled = type.bytes(elements: entry.count)
            parameters.withUnsafeMutableBufferPointer { numbers in
                // Numbers of these types have no value that does not fit.
                _ = quantize(
                    UnsafeBufferPointer(rebasing: numbers[entry.range]), as: type,
                    into: UnsafeMutableRawBufferPointer(bytes), on: pool)
            }
        }
        return TensorInfo(name: entry.name, type: type, shape: entry.shape, bytes: ByteView(copying: bytes))
    }
}
