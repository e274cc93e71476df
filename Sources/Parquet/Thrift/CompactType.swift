/// The wire types of Thrift's compact protocol, as the low nibble of a field's first byte.
enum CompactType: UInt8, Sendable {
    /// A boolean field whose value is in its type.
    case `true` = 1
    case `false` = 2
    case i8 = 3
    case i16 = 4
    case i32 = 5
    case i64 = 6
    case double = 7
    case binary = 8
    case list = 9
    case set = 10
    case map = 11
    case structure = 12
    case uuid = 13

    /// The byte that ends a struct.
    static let stop: UInt8 = 0
}

/// A struct of the format's Thrift definition.
protocol ThriftStruct: Equatable, Sendable {
    /// Reads the struct, its stop byte included.
    init(from reader: inout CompactReader) throws(ParquetError)

    /// Writes the fields in the order of their ids, without the stop byte.
    func write(to writer: inout CompactWriter)
}

extension ThriftStruct {
    /// The struct on its own, as it stands in a file.
    var serialized: [UInt8] {
        var writer = CompactWriter()
        writer.structure(self)
        return writer.bytes
    }
}
