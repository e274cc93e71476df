/// Writes an object container file without compression, record by record, into memory.
public struct AvroFileWriter: ~Copyable {
    private var file: AvroEncoder
    private var block: AvroEncoder
    private var count = 0
    private let sync: [UInt8]

    /// A block is closed when it holds this many bytes.
    private static let blockSize = 64 * 1024

    /// Writes the header.
    /// - Parameters:
    ///   - schema: the schema's JSON text.
    ///   - metadata: further keys and values, in order; keys that begin with `avro.` are Avro's own.
    ///   - capacity: bytes that the records will need, about.
    public init(schema: [UInt8], metadata: [(key: String, value: String)], capacity: Int = 0) {
        file = AvroEncoder(capacity: capacity + schema.count + 4096)
        block = AvroEncoder(capacity: min(capacity, Self.blockSize + 4096))
        file.fixed(AvroFileReader.magic)
        file.long(metadata.count + 2)
        for (key, value) in metadata {
            file.string(key)
            file.string(value)
        }
        file.string("avro.schema")
        file.data(schema)
        file.string("avro.codec")
        file.string("null")
        file.long(0)
        sync = Self.marker(of: file.bytes)
        file.fixed(sync)
    }

    /// Writes one record with exactly the values its schema asks for.
    public mutating func record<Failure: Error>(
        _ body: (inout AvroEncoder) throws(Failure) -> Void
    ) throws(Failure) {
        try body(&block)
        count += 1
        if block.bytes.count >= Self.blockSize { closeBlock() }
    }

    /// The whole file.
    public consuming func finish() -> [UInt8] {
        closeBlock()
        return file.bytes
    }

    private mutating func closeBlock() {
        guard count > 0 else { return }
        file.long(count)
        file.data(block.bytes)
        file.fixed(sync)
        block.removeAll()
        count = 0
    }

    /// Sixteen bytes that follow from the header, so that equal files are equal byte by byte (FNV-1a, 64 bits, twice).
    private static func marker(of header: [UInt8]) -> [UInt8] {
        var marker: [UInt8] = []
        for seed: UInt64 in [0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4] {
            var hash = seed
            for byte in header { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            withUnsafeBytes(of: hash.bigEndian) { marker.append(contentsOf: $0) }
        }
        return marker
    }
}
