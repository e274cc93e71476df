internal import CZlib

/// Why bytes that came as gzip were not decompressed.
package enum GzipError: Error, Equatable {
    /// They are not gzip, break off, or fail their checksum.
    case malformed
    /// They hold more than was asked for; at most that much was decompressed.
    case tooLarge
    /// zlib has no memory.
    case outOfMemory
}

extension Gzip {
    /// The bytes that gzip (RFC 1952) holds, of all its members one after the other.
    /// - Parameter limit: how many there may be. Memory is taken as they come, never by what the bytes say of themselves.
    package static func decompress(_ bytes: [UInt8], atMost limit: Int) throws(GzipError) -> [UInt8] {
        guard !bytes.isEmpty, bytes.count <= Int32.max else { throw .malformed }
        var stream = z_stream()
        // What the macro inflateInit2, which Swift does not import, stands for.
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, windowBits, zlibVersion(), size) == Z_OK else { throw .outOfMemory }
        defer { inflateEnd(&stream) }
        var source = bytes
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        let failure = source.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            return inflate(&stream, &chunk, limit, into: &result)
        }
        if let failure { throw failure }
        return result
    }

    /// Decompresses from the stream's input until that ends.
    private static func inflate(
        _ stream: inout z_stream, _ chunk: inout [UInt8], _ limit: Int, into result: inout [UInt8]
    ) -> GzipError? {
        while true {
            let (status, count) = chunk.withUnsafeMutableBufferPointer { target in
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                return (status, target.count - Int(stream.avail_out))
            }
            guard count <= limit - result.count else { return .tooLarge }
            result.append(contentsOf: chunk[..<count])
            switch status {
            case Z_STREAM_END:
                if stream.avail_in == 0 { return nil }
                // Another member begins.
                guard inflateReset(&stream) == Z_OK else { return .malformed }
            // Without output and input there is no progress, which zlib reports: the bytes break off.
            case Z_OK: continue
            case Z_MEM_ERROR: return .outOfMemory
            default: return .malformed
            }
        }
    }

    private static let chunkBytes = 65_536
}
