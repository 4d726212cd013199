import CGumbo
import Foundation

/// Memory for one parse: taken in steps, given back at once.
///
/// Gumbo asks for each node, vector and string by itself and frees its tree by recursion, which a deep page would turn
/// into an overflow of the stack; here nothing is freed but the whole.
final class ParseArena {
    private var chunks: [UnsafeMutableRawPointer] = []
    private var next: UnsafeMutableRawPointer
    private var left: Int
    private static let firstChunkBytes = 1 << 18
    private static let chunkBytesMax = 1 << 24
    private static let alignment = 16
    private var chunkBytes = ParseArena.firstChunkBytes

    init() {
        next = UnsafeMutableRawPointer.allocate(byteCount: Self.firstChunkBytes, alignment: Self.alignment)
        left = Self.firstChunkBytes
        chunks = [next]
    }

    deinit { for chunk in chunks { chunk.deallocate() } }

    func allocate(_ count: Int) -> UnsafeMutableRawPointer {
        let size = (count + Self.alignment - 1) & ~(Self.alignment - 1)
        if size > left {
            chunkBytes = min(Self.chunkBytesMax, chunkBytes * 2)
            left = max(chunkBytes, size)
            next = UnsafeMutableRawPointer.allocate(byteCount: left, alignment: Self.alignment)
            chunks.append(next)
        }
        defer {
            next += size
            left -= size
        }
        return next
    }

    /// Parses HTML; the tree lives as long as the arena and the bytes do.
    func parse(_ html: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<GumboNode>? {
        var options = kGumboDefaultOptions
        options.userdata = Unmanaged.passUnretained(self).toOpaque()
        options.allocator = { arena, count in
            guard let arena else { return nil }
            return Unmanaged<ParseArena>.fromOpaque(arena).takeUnretainedValue().allocate(count)
        }
        options.deallocator = { _, _ in }
        options.max_errors = 0
        return html.withMemoryRebound(to: CChar.self) { bytes in
            withUnsafePointer(to: options) { options in
                gumbo_parse_with_options(options, bytes.baseAddress, bytes.count)?.pointee.document
            }
        }
    }
}
