import Assistant
import JSON

extension RequestFields {
    /// `lora` as llama.cpp has it, `[{"id": 0, "scale": 0.5}]`, or with a `name` instead of the id. Where it is given,
    /// just these adapters are used, whatever the model's name stands for.
    func adapters() throws -> [AdapterChoice]? {
        guard let items = try array("lora") else { return nil }
        let adaptersMax = 8
        guard items.count <= adaptersMax else {
            throw APIError.invalid(name("lora"), "\(items.count) adapters, the limit is \(adaptersMax).")
        }
        return try items.enumerated().map { place, item in
            let fields = try RequestFields(item, path: "\(name("lora"))[\(place)]")
            let scale = try fields.double("scale", in: -100...100) ?? 1
            if let name = try fields.string("name") { return AdapterChoice(.name(name), scale: Float(scale)) }
            guard let id = try fields.int("id", in: 0...Int(Int32.max)) else {
                throw APIError.missing(fields.name("id"))
            }
            return AdapterChoice(.id(id), scale: Float(scale))
        }
    }
}
