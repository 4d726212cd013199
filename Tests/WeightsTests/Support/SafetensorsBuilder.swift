/// Makes the bytes of a safetensors file, sound or in any way unsound.
struct SafetensorsBuilder {
    var header: String
    var data: [UInt8]
    /// Replaces the header's length.
    var length: UInt64?

    func bytes() -> [UInt8] { .little(length ?? UInt64(header.utf8.count)) + Array(header.utf8) + data }

    /// Two tensors, F32 and BF16, that fill 20 bytes.
    static let small = SafetensorsBuilder(
        header: """
            {"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[12,20]},\
            "a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}
            """,
        data: Array(0..<20))

    /// One F32 tensor of two elements.
    static func one(_ name: String) -> SafetensorsBuilder { one("F32", "[2]", "[0,8]", name: name) }

    /// One tensor described by JSON texts.
    static func one(_ dtype: String, _ shape: String, _ offsets: String, name: String = "a") -> SafetensorsBuilder {
        SafetensorsBuilder(
            header: #"{"\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#,
            data: [UInt8](repeating: 1, count: 8))
    }
}
