/// Reads a configuration's fields, each checked for its kind and range.
///
///     let fields = FieldReader(path: "qwen2.") { metadata[$0].map(FieldValue.init) }
///     let layers = try fields.size("block_count", max: ModelLimits.layersMax)
struct FieldReader {
    /// What stands before a field's name where it is written, for errors and the look-up.
    let path: String
    let find: (String) -> FieldValue?

    func has(_ name: String) -> Bool { value(name) != nil }

    func value(_ name: String) -> FieldValue? { find(path + name) }

    /// A size: an integer from 1 to `max`. One that is absent is `fallback`, or an error when that is nil.
    func size(_ name: String, max: Int, default fallback: Int? = nil) throws(ModelError) -> Int {
        guard let value = value(name) else { return try missing(name, fallback, "an integer from 1 to \(max)") }
        guard let size = value.int, size >= 1, size <= max else {
            throw invalid(name, "an integer from 1 to \(max)", value)
        }
        return size
    }

    /// A finite number from 0 upwards.
    func number(_ name: String, default fallback: Double? = nil) throws(ModelError) -> Double {
        guard let value = value(name) else { return try missing(name, fallback, "a number") }
        guard let number = value.number, number.isFinite, number >= 0 else {
            throw invalid(name, "a finite number, not below 0", value)
        }
        return number
    }

    /// A positive number; absent and 0 are nil.
    func positive(_ name: String) throws(ModelError) -> Double? {
        let number = try number(name, default: 0)
        return number > 0 ? number : nil
    }

    func flag(_ name: String, default fallback: Bool) throws(ModelError) -> Bool {
        guard let value = value(name) else { return fallback }
        guard case .bool(let flag) = value else { throw invalid(name, "true or false", value) }
        return flag
    }

    func text(_ name: String) throws(ModelError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .text(let text) = value else { throw invalid(name, "text", value) }
        return text
    }

    func list(_ name: String) throws(ModelError) -> [FieldValue]? {
        guard let value = value(name) else { return nil }
        guard case .list(let list) = value else { throw invalid(name, "a list", value) }
        return list
    }

    func invalid(_ name: String, _ expected: String, _ actual: FieldValue) -> ModelError {
        .invalidConfiguration(field: path + name, expected: expected, actual: actual.description)
    }

    func unsupported(_ name: String, _ expected: String, _ actual: String) -> ModelError {
        .unsupported(field: path + name, expected: expected, actual: actual)
    }

    private func missing<T>(_ name: String, _ fallback: T?, _ expected: String) throws(ModelError) -> T {
        guard let fallback else {
            throw .invalidConfiguration(field: path + name, expected: expected, actual: "nothing")
        }
        return fallback
    }
}
