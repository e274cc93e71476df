internal import CSnappy
internal import CZstd

/// Compresses pages one after the other, with the C libraries' state kept between them. One thread may use it at a
/// time.
struct Compressor: ~Copyable {
    private let compression: Compression
    /// Zstandard's context, made on first need, owned here and freed with the compressor.
    private var context: OpaquePointer?

    init(_ compression: Compression) { self.compression = compression }

    deinit { _ = ZSTD_freeCCtx(context) }

    /// Appends the compressed form of bytes, as one frame or block.
    /// - Returns: its size in bytes.
    mutating func append(
        _ bytes: UnsafeRawBufferPointer, to buffer: inout ByteBuffer
    ) throws(ParquetError) -> Int {
        switch compression {
        case .none:
            buffer.append(bytes)
            return bytes.count
        case .snappy:
            return try appendSnappy(bytes, to: &buffer)
        case .zstd(let level):
            return try appendZstd(bytes, level: level, to: &buffer)
        }
    }

    private func appendSnappy(
        _ bytes: UnsafeRawBufferPointer, to buffer: inout ByteBuffer
    ) throws(ParquetError) -> Int {
        // Snappy's format counts the bytes of a block with 32 bits.
        guard bytes.count <= UInt32.max else { throw ParquetError(.tooLarge, "snappy takes less than 4 GiB at once") }
        var size = snappy_max_compressed_length(bytes.count)
        buffer.reserve(size)
        let status = snappy_compress(
            bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
            buffer.end.assumingMemoryBound(to: CChar.self), &size)
        guard status == SNAPPY_OK else {
            throw ParquetError(.compressionFailed, "snappy reported status \(status.rawValue)")
        }
        buffer.commit(size)
        return size
    }

    private mutating func appendZstd(
        _ bytes: UnsafeRawBufferPointer, level: Int, to buffer: inout ByteBuffer
    ) throws(ParquetError) -> Int {
        if context == nil { context = ZSTD_createCCtx() }
        guard context != nil else { throw ParquetError(.compressionFailed, "zstd has no memory for a context") }
        let bound = ZSTD_compressBound(bytes.count)
        guard ZSTD_isError(bound) == 0 else { throw ParquetError(.tooLarge, "zstd does not take so many bytes") }
        buffer.reserve(bound)
        let size = ZSTD_compressCCtx(context, buffer.end, bound, bytes.baseAddress, bytes.count, Int32(level))
        guard ZSTD_isError(size) == 0 else {
            throw ParquetError(.compressionFailed, "zstd: \(String(cString: ZSTD_getErrorName(size)))")
        }
        buffer.commit(size)
        return size
    }
}
