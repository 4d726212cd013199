import JSON
import Kernels

extension FileContext {
    /// The file's bytes, mapped.
    func map() throws(WeightsError) -> ByteView {
        do {
            return try MappedFile(path: file).bytes
        } catch .cannotOpen(_, let reason) {
            throw cannotOpen(reason)
        } catch .cannotMap(_, let bytes, let reason) {
            throw cannotOpen("\(reason), for \(bytes) bytes")
        } catch .notARegularFile {
            throw cannotOpen("a folder, device or pipe", hint: "give the path of a model file")
        } catch {
            throw cannotOpen("\(error)")
        }
    }
}

extension FileContext {
    func json(_ bytes: ByteView, _ field: String, _ limits: JSONLimits) throws(WeightsError) -> JSONValue {
        let result = bytes.withUnsafeBytes { buffer in Result { try JSONValue(parsing: buffer, limits: limits) } }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw malformed(field, expected: "JSON", actual: "\(error)")
        }
    }
}
