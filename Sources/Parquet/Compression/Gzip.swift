internal import CZlib

/// Compresses bytes as gzip (RFC 1952) with zlib.
package enum Gzip {
    /// The bytes as one member; nil if zlib has no memory for it.
    package static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count <= Int32.max else { return nil }
        var stream = z_stream()
        // What the macro deflateInit2, which Swift does not import, stands for.
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(
                &stream, Z_BEST_SPEED, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY, zlibVersion(), size)
                == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        // The bound leaves room for all of it, so that one call ends the stream.
        let capacity = Int(deflateBound(&stream, uLong(bytes.count)))
        var status = Z_OK
        var source = bytes
        let compressed = source.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(capacity)
                status = deflate(&stream, Z_FINISH)
                count = capacity - Int(stream.avail_out)
            }
        }
        return status == Z_STREAM_END ? compressed : nil
    }

    /// The widest window, and 16 for gzip's header and checksum.
    static let windowBits: Int32 = 15 + 16
    /// zlib's own choice.
    private static let memoryLevel: Int32 = 8
}
