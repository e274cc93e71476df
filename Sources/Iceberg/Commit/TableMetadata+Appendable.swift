internal import Avro
internal import JSON

extension TableMetadata {
    /// Parses the metadata file of a table that is to be appended to.
    /// - Throws: ``IcebergError/Code/unsupported`` for format version 1, whose manifests have no sequence numbers, and
    ///   for later versions than 2; ``IcebergError/Code/malformed`` for damage.
    init(appendable bytes: [UInt8], at location: String) throws(IcebergError) {
        do throws(IcebergError) {
            self = try TableMetadata(parsing: bytes)
            guard try Self.formatVersion(bytes) != 1 else {
                throw IcebergError(
                    .unsupported,
                    "a table of format version 1 is not written to: upgrade it, with an engine, by setting the table "
                        + "property format-version to 2")
            }
        } catch {
            throw error.at(location)
        }
    }

    /// The member of a file that has parsed; nil if it cannot be seen.
    private static func formatVersion(_ bytes: [UInt8]) throws(IcebergError) -> Int? {
        var text = bytes
        do {
            if bytes.starts(with: [0x1F, 0x8B]) { text = try Inflater.inflate(bytes, .gzip) }
        } catch {
            throw IcebergError(.malformed, error.description)
        }
        var reader = JSONReader(text.span.bytes)
        do {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                if reader.equals(key, "format-version") { return try reader.integer(reader.next(.number)) }
                try reader.skip()
            }
        } catch {
            throw IcebergError(.malformed, error.description)
        }
        return nil
    }
}
