internal import Columnar
public import Iceberg

/// A column, or what a transform makes of it: `country`, `hour(timestamp_sent)`, `bucket(16, id)`.
public struct ColumnTransform: Equatable, Sendable {
    /// What is made of the column.
    public let transform: Transform
    /// The column's name.
    public let column: String

    /// The transforms as a definition spells them, with the arguments they take.
    static let forms = [
        "column", "year(column)", "month(column)", "day(column)", "hour(column)", "bucket(count, column)",
        "truncate(width, column)",
    ]

    /// What a transform makes of a column.
    init(_ transform: Transform, of column: String) {
        self.transform = transform
        self.column = column
    }

    /// Parses one such text; nil if it has none of the ``forms``.
    init?(parsing text: String) {
        let bytes = Array(text.utf8)
        guard let open = bytes.firstIndex(of: UInt8(ascii: "(")) else {
            guard Self.isColumn(bytes[...]) else { return nil }
            transform = .identity
            column = text
            return
        }
        guard bytes.last == UInt8(ascii: ")") else { return nil }
        let arguments = bytes[(open + 1)..<(bytes.count - 1)]
        let comma = arguments.firstIndex(of: UInt8(ascii: ","))
        let name = Self.trimmed(comma.map { arguments[($0 + 1)...] } ?? arguments)
        guard Self.isColumn(name) else { return nil }
        column = String(decoding: name, as: UTF8.self)
        let number = comma.flatMap { wholeNumber(Self.trimmed(arguments[..<$0]), maximumDigits: 9) }.map(Int32.init)
        switch (String(decoding: bytes[..<open], as: UTF8.self), comma == nil, number) {
        case ("year", true, _): transform = .year
        case ("month", true, _): transform = .month
        case ("day", true, _): transform = .day
        case ("hour", true, _): transform = .hour
        case ("bucket", false, let number?): transform = .bucket(count: number)
        case ("truncate", false, let number?): transform = .truncate(width: number)
        default: return nil
        }
    }

    /// Whether the bytes can be a column's name here: some, and none that has a meaning in a transform.
    private static func isColumn(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy {
                switch $0 {
                case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "("), UInt8(ascii: ")"): false
                default: true
                }
            }
    }

    /// The bytes without the spaces around them.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return bytes
    }

    /// The types a transform takes ("Partition Transforms").
    var allowedTypes: [ColumnType] {
        switch transform {
        case .year, .month, .day: [.date, .timestamp, .timestamptz]
        case .hour: [.timestamp, .timestamptz]
        case .bucket: [.int, .long, .date, .timestamp, .timestamptz, .string, .binary]
        case .truncate: [.int, .long, .string, .binary]
        case .identity, .void, .unknown: ColumnType.allCases
        }
    }

    /// The partition field's name, as other engines choose it: `timestamp_sent_hour`.
    public var fieldName: String { transform.defaultFieldName(for: column) }
}

extension ColumnTransform: CustomStringConvertible {
    /// As a definition spells it.
    public var description: String {
        switch transform {
        case .identity: column
        case .bucket(let count): "bucket(\(count), \(column))"
        case .truncate(let width): "truncate(\(width), \(column))"
        case .year, .month, .day, .hour, .void, .unknown: "\(transform)(\(column))"
        }
    }
}
