internal import Foundation
internal import Iceberg
internal import Synchronization

/// Looks at the tables now and then, as any reader would.
final class TableMonitor: Sendable {
    /// A table at one moment.
    struct Count: Equatable {
        let rows: Int64
        let commits: Int64
    }

    private let place: LakePlace
    private let before: [String: Count]
    private let now: Mutex<[String: Count]>

    private static let pauseMs: Int64 = 1_000

    /// Notes the tables as they are now, before anything comes.
    init(_ place: LakePlace, _ tables: [InspectedTable]) throws {
        self.place = place
        before = try Self.counts(tables)
        now = Mutex(before)
    }

    /// Looks until the twin ends.
    func run(_ control: TwinControl) {
        while control.phase != .ending {
            if let tables = try? LakeInspector(place).tables(), let counts = try? Self.counts(tables) {
                now.withLock { $0 = counts }
            }
            Lane.sleep(Self.pauseMs)
        }
    }

    /// Looks once.
    func look() throws {
        let counts = try Self.counts(try LakeInspector(place).tables())
        now.withLock { $0 = counts }
    }

    /// The tables in the order of their names.
    var tables: [TwinStatus.Table] {
        now.withLock { $0 }.sorted { $0.key < $1.key }.map { name, count in
            let first = before[name] ?? Count(rows: 0, commits: 0)
            return TwinStatus.Table(
                name: name, rows: count.rows, newRows: count.rows - first.rows, commits: count.commits - first.commits)
        }
    }

    private static func counts(_ tables: [InspectedTable]) throws -> [String: Count] {
        var counts: [String: Count] = [:]
        for table in tables {
            let total = table.metadata.currentSnapshot?.summary.properties["total-records"].flatMap { Int64($0) }
            counts["\(table.identifier)"] = Count(
                rows: try total ?? table.rowCount(), commits: table.metadata.lastSequenceNumber)
        }
        return counts
    }
}
