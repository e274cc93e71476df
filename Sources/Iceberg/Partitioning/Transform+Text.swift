extension Transform: CustomStringConvertible {
    /// A transform as metadata names it, such as `bucket[16]`; a name that is not known is kept.
    public init(parsing text: String) {
        switch text {
        case "identity": self = .identity
        case "year": self = .year
        case "month": self = .month
        case "day": self = .day
        case "hour": self = .hour
        case "void": self = .void
        default:
            if let count = Self.parameter(of: text, after: "bucket[") {
                self = .bucket(count: count)
            } else if let width = Self.parameter(of: text, after: "truncate[") {
                self = .truncate(width: width)
            } else {
                self = .unknown(text)
            }
        }
    }

    private static func parameter(of text: String, after prefix: String) -> Int32? {
        guard text.hasPrefix(prefix), text.hasSuffix("]") else { return nil }
        let digits = text.dropFirst(prefix.count).dropLast()
        guard digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }), let value = Int32(digits), value > 0 else {
            return nil
        }
        return value
    }

    /// The transform as metadata names it.
    public var description: String {
        switch self {
        case .identity: "identity"
        case .bucket(let count): "bucket[\(count)]"
        case .truncate(let width): "truncate[\(width)]"
        case .year: "year"
        case .month: "month"
        case .day: "day"
        case .hour: "hour"
        case .void: "void"
        case .unknown(let text): text
        }
    }

    /// The name that Iceberg's writers give a partition field of this transform when the user gives none, such as
    /// `timestamp_sent_hour`.
    public func defaultFieldName(for column: String) -> String {
        switch self {
        case .identity: column
        case .bucket: "\(column)_bucket"
        case .truncate: "\(column)_trunc"
        case .void: "\(column)_null"
        case .year, .month, .day, .hour, .unknown: "\(column)_\(self)"
        }
    }
}
