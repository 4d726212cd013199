import Kernels

/// Numbers as a source has them.
struct StoredTensor {
    let type: ElementType
    let count: Int
    let bytes: ByteView
}
