/// `LogicalType`, a union: what values mean. Members that this library does not write read as nil.
enum LogicalType: Equatable, Sendable {
    /// 1
    case string
    /// 6
    case date
    /// 8, always in microseconds.
    case timestamp(isAdjustedToUTC: Bool)
}

/// The union's struct, which may hold a member that is not known here.
struct LogicalTypeUnion: ThriftStruct {
    let member: LogicalType?

    init(_ member: LogicalType) { self.member = member }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var member: LogicalType?
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .structure):
                try reader.skip(field)
                member = .string
            case (6, .structure):
                try reader.skip(field)
                member = .date
            case (8, .structure):
                let timestamp: TimestampType = try reader.structure(field)
                member = timestamp.isMicros ? .timestamp(isAdjustedToUTC: timestamp.isAdjustedToUTC) : nil
            default: try reader.skip(field)
            }
        }
        self.member = member
    }

    func write(to writer: inout CompactWriter) {
        switch member {
        case .string: writer.emptyField(1)
        case .date: writer.emptyField(6)
        case .timestamp(let isAdjustedToUTC):
            writer.field(8, TimestampType(isAdjustedToUTC: isAdjustedToUTC, isMicros: true))
        case nil: break
        }
    }
}

/// `TimestampType`.
struct TimestampType: ThriftStruct {
    /// 1
    let isAdjustedToUTC: Bool
    /// 2: whether the unit is member 2 of `TimeUnit`, MICROS.
    let isMicros: Bool

    init(isAdjustedToUTC: Bool, isMicros: Bool) {
        self.isAdjustedToUTC = isAdjustedToUTC
        self.isMicros = isMicros
    }

    init(from reader: inout CompactReader) throws(ParquetError) {
        var isAdjustedToUTC: Bool?
        var isMicros = false
        try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, _): isAdjustedToUTC = try reader.bool(field)
            case (2, .structure):
                try reader.beginStruct()
                while let unit = try reader.nextField() {
                    isMicros = unit.id == 2
                    try reader.skip(unit)
                }
            default: try reader.skip(field)
            }
        }
        self.isAdjustedToUTC = try reader.required(isAdjustedToUTC, "TimestampType.isAdjustedToUTC")
        self.isMicros = isMicros
    }

    func write(to writer: inout CompactWriter) {
        writer.field(1, isAdjustedToUTC)
        writer.field(2) { unit in unit.emptyField(isMicros ? 2 : 1) }
    }
}
