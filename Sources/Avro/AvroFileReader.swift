/// Reads an object container file: its header at once, its blocks one by one.
///
///     var file = try AvroFileReader(bytes)
///     while let block = try file.nextBlock() {
///         var decoder = AvroDecoder(block.bytes.span.bytes)
///         for _ in 0..<block.count { … }
///         try decoder.end()
///     }
public struct AvroFileReader: Sendable {
    /// The writer's schema.
    public let schema: AvroSchema
    /// The header's key-value metadata.
    public let metadata: [String: [UInt8]]

    private let bytes: [UInt8]
    private let sync: [UInt8]
    private let codec: Codec
    private var position: Int

    private enum Codec { case null, deflate }

    static let magic: [UInt8] = [0x4F, 0x62, 0x6A, 0x01]
    static let syncLength = 16

    /// Some records of a file, uncompressed.
    public struct Block: Sendable {
        /// How many.
        public let count: Int
        /// Their values, one after the other.
        public let bytes: [UInt8]
    }

    /// Reads the header.
    /// - Throws: ``AvroError/Code/unsupported`` for a codec other than null and deflate.
    public init(_ bytes: [UInt8]) throws(AvroError) {
        var schemas = AvroSchemaCache()
        try self.init(bytes, schemas: &schemas)
    }

    /// Reads the header, with the schemas of files read before.
    /// - Throws: ``AvroError/Code/unsupported`` for a codec other than null and deflate.
    public init(_ bytes: [UInt8], schemas: inout AvroSchemaCache) throws(AvroError) {
        guard bytes.starts(with: Self.magic) else { throw AvroError(.malformed, "not an Avro file", at: 0) }
        var metadata: [String: [UInt8]] = [:]
        var decoder = AvroDecoder(bytes.span.bytes)
        _ = try decoder.take(Self.magic.count)
        while case let count = try decoder.blockCount(of: .bytes), count > 0 {
            for _ in 0..<count {
                let key = try decoder.string(.string)
                metadata[key] = try decoder.data(.bytes)
            }
        }
        sync = try decoder.data(.fixed(size: Self.syncLength))
        position = decoder.position
        guard let text = metadata["avro.schema"] else { throw AvroError(.malformed, "a file without avro.schema") }
        schema = try schemas.schema(parsing: text)
        switch metadata["avro.codec"].map({ String(decoding: $0, as: UTF8.self) }) ?? "null" {
        case "null": codec = .null
        case "deflate": codec = .deflate
        case let name where ["snappy", "zstandard", "bzip2", "xz"].contains(name):
            throw AvroError(.unsupported, "Avro files compressed with \(name) are not read; write null or deflate")
        default: throw AvroError(.unsupported, "an unknown compression codec")
        }
        self.bytes = bytes
        self.metadata = metadata
    }

    /// A value of the header's metadata as text.
    public func text(_ key: String) -> String? { metadata[key].map { String(decoding: $0, as: UTF8.self) } }

    /// The next block, or nil at the end of the file.
    public mutating func nextBlock() throws(AvroError) -> Block? {
        guard position < bytes.count else { return nil }
        var decoder = AvroDecoder(bytes.span.bytes.extracting(position..<bytes.count))
        let count = try decoder.varint()
        let data = try decoder.data(.bytes)
        guard try decoder.data(.fixed(size: Self.syncLength)) == sync else {
            throw AvroError(.malformed, "a block does not end with the file's marker", at: position)
        }
        let content = codec == .deflate ? try Inflater.inflate(data, .raw) : data
        guard count >= 0, count <= content.count else {
            throw AvroError(.malformed, "a block's count of records is out of range", at: position)
        }
        position += decoder.position
        return Block(count: Int(count), bytes: content)
    }
}
