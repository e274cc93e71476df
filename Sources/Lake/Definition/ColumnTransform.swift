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

    /// Parses one such text; nil if it has none of the ``forms``.
    init?(parsing text: String) {
        guard let open = text.firstIndex(of: "(") else {
            guard !text.isEmpty, !text.contains(where: { " ,)".contains($0) }) else { return nil }
            transform = .identity
            column = text
            return
        }
        guard text.last == ")" else { return nil }
        let arguments = text[text.index(after: open)...].dropLast()
            .split(separator: ",", omittingEmptySubsequences: false)
            .map { argument in String(argument.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
        guard let name = arguments.last, !name.isEmpty, !name.contains(where: { " ()".contains($0) }) else {
            return nil
        }
        column = name
        let number = arguments.count == 2 ? wholeNumber(arguments[0], maximumDigits: 9).map(Int32.init) : nil
        switch (text[..<open], arguments.count) {
        case ("year", 1): transform = .year
        case ("month", 1): transform = .month
        case ("day", 1): transform = .day
        case ("hour", 1): transform = .hour
        case ("bucket", 2):
            guard let number else { return nil }
            transform = .bucket(count: number)
        case ("truncate", 2):
            guard let number else { return nil }
            transform = .truncate(width: number)
        default: return nil
        }
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
