internal import CZlib

/// The CRC-32 of a page: that of gzip, over the bytes after the header as they stand in the file.
enum Checksum {
    /// The checksum, as the signed 32 bits that the page header has.
    static func crc32(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var checksum = CZlib.crc32(0, nil, 0)
        var position = 0
        while position < bytes.count {
            // zlib counts with 32 bits.
            let count = min(bytes.count - position, 1 << 30)
            let start = bytes.baseAddress?.advanced(by: position).assumingMemoryBound(to: UInt8.self)
            checksum = CZlib.crc32(checksum, start, UInt32(count))
            position += count
        }
        return Int32(truncatingIfNeeded: checksum)
    }
}
