import Model
import Weights

extension Assistant {
    /// Reads an adapter for this model: a GGUF file, or a folder that PEFT saved.
    ///
    ///     let pirate = assistant.adapted(by: [AdapterUse(try assistant.loadAdapter(path: "pirate-lora"))])
    ///
    /// Takes some milliseconds of computing a megabyte; call it on a thread that may be held up.
    ///
    /// - Throws: `AssistantError.adapter` for one that is damaged, too large, or of another model: when it says what it
    ///   was trained with (`ModelBundle`), this must be the same.
    public func loadAdapter(path: String) throws(AssistantError) -> Adapter {
        do {
            let files = try AdapterFiles.open(path)
            guard files.byteCount <= limits.adapterBytesMax else {
                throw AssistantError.adapter(
                    name: path, reason: "it has \(files.byteCount) bytes, the limit is \(limits.adapterBytesMax)")
            }
            try ModelBundle.check(adapter: path, on: self.files, contentSums)
            return try Adapter(files, for: model)
        } catch let error as AssistantError {
            throw error
        } catch {
            throw .adapter(name: path, reason: "\(error)")
        }
    }

    /// The same model, whose answers these adapters change.
    ///
    /// - Parameter name: nil keeps the model's.
    /// - Throws: `AssistantError.adapter` for one that was read for a model of another shape.
    public func adapted(by uses: [AdapterUse], name: String? = nil) throws(AssistantError) -> Assistant {
        guard uses.allSatisfy({ $0.adapter.configuration == model.configuration }) else {
            throw .adapter(
                name: name ?? self.name, reason: "the model's file has been replaced since; load the adapter again")
        }
        return Assistant(self, name: name ?? self.name, adapters: uses.filter { $0.scale != 0 })
    }
}
