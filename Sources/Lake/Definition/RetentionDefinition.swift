/// How long a table's history is kept. What is left out keeps the defaults of Iceberg and of Swiftlake.
public struct RetentionDefinition: Equatable, Sendable {
    /// Age in milliseconds past which the append expires snapshots; written as `"5d"`, `"36h"` or `"90m"`.
    public let snapshotAgeMs: Int64?
    /// How many snapshots the append keeps at most.
    public let snapshots: Int64?
    /// How many snapshots are kept at least, whatever their age.
    public let minimumSnapshots: Int64?

    /// Milliseconds of a length of time such as `5d`; nil if it has another form or does not fit.
    static func milliseconds(_ text: String) -> Int64? {
        let unit: Int64
        switch text.utf8.last {
        case UInt8(ascii: "d"): unit = 86_400_000
        case UInt8(ascii: "h"): unit = 3_600_000
        case UInt8(ascii: "m"): unit = 60_000
        default: return nil
        }
        return wholeNumber(text.utf8.dropLast(), maximumDigits: 9).map { $0 * unit }
    }
}
