internal import Columnar

extension TimeFormat {
    /// The format of a `timeFormat` member; the column's type must hold times.
    init?(parsing value: DefinitionValue, of type: ColumnType?) {
        if let type, !type.holdsTime {
            value.complain("a column of type \(type.rawValue) holds no time")
            return nil
        }
        guard let format = value.choice("a time format", of: TimeFormat.self) else { return nil }
        self = format
    }
}

extension ColumnType {
    /// Whether values are days or instants.
    var holdsTime: Bool { self == .date || self == .timestamp || self == .timestamptz }
}
