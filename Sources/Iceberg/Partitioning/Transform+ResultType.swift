extension Transform {
    /// The type of this transform's values for a column, or nil if the transform does not take such a column. Days are
    /// dates: the spec calls them int, but every writer declares them as dates, which lie the same way.
    public func resultType(of source: Type) -> Type? {
        switch self {
        case .identity: return source.isPrimitive ? source : nil
        case .void: return source
        case .unknown: return nil
        case .year, .month, .day:
            switch source {
            case .date, .timestamp, .timestamptz: return self == .day ? .date : .int
            default: return nil
            }
        case .hour:
            switch source {
            case .timestamp, .timestamptz: return .int
            default: return nil
            }
        case .bucket:
            switch source {
            case .int, .long, .decimal, .date, .time, .timestamp, .timestamptz, .string, .uuid, .fixed, .binary:
                return .int
            default: return nil
            }
        case .truncate:
            switch source {
            case .int, .long, .decimal, .string, .binary: return source
            default: return nil
            }
        }
    }
}
