internal import CZlib

/// Decompresses deflated bytes with zlib.
package enum Inflater {
    /// What stands around the deflated bytes.
    package enum Wrapper: Sendable {
        /// Nothing (RFC 1951), as in Avro's blocks.
        case raw
        /// The header and checksum of gzip (RFC 1952).
        case gzip

        fileprivate var windowBits: Int32 { self == .raw ? -15 : 31 }
    }

    /// More than any metadata file or block that a writer makes: a guard against forged input.
    package static let maximumSize = 1 << 30

    /// Decompresses one stream that ends with its input.
    package static func inflate(
        _ input: [UInt8], _ wrapper: Wrapper, limit: Int = maximumSize
    ) throws(AvroError) -> [UInt8] {
        guard input.count <= Int32.max else { throw AvroError(.unsupported, "compressed bytes of more than 2 GiB") }
        var stream = z_stream()
        // What the macro inflateInit2, which Swift does not import, stands for.
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, wrapper.windowBits, zlibVersion(), size) == Z_OK else {
            throw AvroError(.unsupported, "zlib could not be started")
        }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        var status = Z_OK
        var input = input
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            var capacity = max(4096, source.count * 4)
            while status == Z_OK && output.count <= limit {
                let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(capacity)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    count = capacity - Int(stream.avail_out)
                }
                output.append(contentsOf: chunk)
                capacity = min(1 << 24, capacity * 2)
            }
        }
        guard output.count <= limit else {
            throw AvroError(.unsupported, "a block inflates to more than \(limit) bytes")
        }
        switch status {
        // Python's writers leave part of zlib's checksum behind the raw data.
        case Z_STREAM_END where stream.avail_in == 0 || wrapper == .raw && stream.avail_in <= 4: return output
        case Z_STREAM_END: throw AvroError(.malformed, "bytes after the end of deflated data")
        case Z_BUF_ERROR: throw AvroError(.truncated, "deflated data ends too early")
        default: throw AvroError(.malformed, "deflated data is corrupt")
        }
    }
}
