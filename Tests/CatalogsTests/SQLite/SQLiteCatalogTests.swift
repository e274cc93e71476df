import Foundation
import Iceberg
import TestSupport
import Testing

@testable import Catalogs

@Suite struct SQLiteCatalogTests {
    let folder: String
    var path: String { folder + "/catalog.db" }
    let table = TableIdentifier(namespace: "db", name: "t")

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/swiftlake-catalog-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func catalog(name: String = "swiftlake", lockTimeoutMs: Int = 1000) throws(IcebergError) -> SQLiteCatalog {
        try SQLiteCatalog(path: path, name: name, lockTimeoutMs: lockTimeoutMs)
    }

    private func database() throws(SQLiteError) -> SQLiteDatabase { try SQLiteDatabase(path: path, lockTimeoutMs: 100) }

    private func isDone(_ outcome: SwapOutcome) -> Bool { if case .done = outcome { true } else { false } }
    private func isConflict(_ outcome: SwapOutcome) -> Bool { if case .conflict = outcome { true } else { false } }
    private func failure(_ outcome: SwapOutcome) -> IcebergError? {
        if case .failed(let error) = outcome { error } else { nil }
    }

    /// A process that is killed between the two would leave a catalog that pyiceberg cannot read.
    @Test func makesBothTablesInOneTransaction() throws {
        _ = try catalog()
        let header = try #require(FileManager.default.contents(atPath: path)).prefix(28)
        #expect(
            Array(header.suffix(4)) == [0, 0, 0, 1], "SQLite's header counts the transactions that changed the file")
    }

    @Test func makesTheTablesOfTheJDBCCatalog() throws {
        let catalog = try catalog()
        try catalog.create(table, metadata: "file:///0")
        #expect(isDone(catalog.swap(table, from: "file:///0", to: "file:///1")))
        let database = try database()
        let columns = try database.run("SELECT name, type, \"notnull\", pk FROM pragma_table_info('iceberg_tables')")
        #expect(
            columns == [
                ["catalog_name", "VARCHAR(255)", "1", "1"], ["table_namespace", "VARCHAR(255)", "1", "2"],
                ["table_name", "VARCHAR(255)", "1", "3"], ["metadata_location", "VARCHAR(1000)", "0", "0"],
                ["previous_metadata_location", "VARCHAR(1000)", "0", "0"],
            ])
        #expect(
            try database.run("SELECT * FROM iceberg_tables") == [["swiftlake", "db", "t", "file:///1", "file:///0"]])
        #expect(
            try database.run("SELECT * FROM iceberg_namespace_properties") == [["swiftlake", "db", "exists", "true"]])
    }

    @Test func swapsOnlyFromTheCurrentVersion() throws {
        let catalog = try catalog()
        try catalog.create(table, metadata: "file:///0")
        #expect(try catalog.load(table).location == "file:///0")
        #expect(isDone(catalog.swap(table, from: "file:///0", to: "file:///1")))
        #expect(isConflict(catalog.swap(table, from: "file:///0", to: "file:///2")))
        #expect(isDone(catalog.swap(table, from: "file:///0", to: "file:///1")), "the same swap again is done already")
        #expect(try catalog.load(table).location == "file:///1")
        let missing = TableIdentifier(namespace: "db", name: "none")
        #expect(failure(catalog.swap(missing, from: "a", to: "b"))?.code == .notFound)
    }

    @Test func registersATableOnce() throws {
        let catalog = try catalog()
        try catalog.create(table, metadata: "file:///0")
        let error = #expect(throws: IcebergError.self) { try catalog.create(table, metadata: "file:///9") }
        #expect(error?.code == .alreadyExists)
        #expect(try catalog.load(table).location == "file:///0")
        let missing = #expect(throws: IcebergError.self) {
            try catalog.load(TableIdentifier(namespace: "db", name: "none"))
        }
        #expect(missing?.code == .notFound)
    }

    @Test func listsNamespacesAndTablesSorted() throws {
        let catalog = try catalog()
        for name in ["b.y", "a.z", "b.x", "ü ' \" ;--.t"] {
            let parts = name.split(separator: ".").map(String.init)
            try catalog.create(TableIdentifier(namespace: parts[0], name: parts[1]), metadata: "file:///\(name)")
        }
        try database().run("INSERT INTO iceberg_namespace_properties VALUES ('swiftlake', 'empty', 'exists', 'true')")
        #expect(try catalog.namespaces() == ["a", "b", "empty", "ü ' \" ;--"])
        #expect(try catalog.tables(in: "b").map(\.name) == ["x", "y"])
        #expect(try catalog.tables(in: "none") == [])
    }

    @Test func seesOnlyItsOwnName() throws {
        try catalog(name: "other").create(table, metadata: "file:///other")
        let catalog = try catalog()
        #expect(try catalog.namespaces() == [])
        try catalog.create(table, metadata: "file:///ours")
        #expect(isDone(catalog.swap(table, from: "file:///ours", to: "file:///1")))
        #expect(try self.catalog(name: "other").load(table).location == "file:///other")
    }

    @Test func readsAndWritesVersion1() throws {
        _ = try catalog()
        do {
            let database = try database()
            try database.run("ALTER TABLE iceberg_tables ADD COLUMN iceberg_type VARCHAR(5)")
            for (name, type) in [("t", "'TABLE'"), ("v", "'VIEW'"), ("n", "NULL")] {
                try database.run(
                    "INSERT INTO iceberg_tables VALUES ('swiftlake', 'db', '\(name)', 'file:///\(name)', NULL, \(type))"
                )
            }
        }
        let catalog = try catalog()
        #expect(try catalog.tables(in: "db").map(\.name) == ["n", "t"])
        #expect(isDone(catalog.swap(table, from: "file:///t", to: "file:///1")))
        let view = TableIdentifier(namespace: "db", name: "v")
        #expect(failure(catalog.swap(view, from: "file:///v", to: "file:///1"))?.code == .notFound)
        try catalog.create(TableIdentifier(namespace: "db", name: "new"), metadata: "file:///new")
    }

    @Test func oneOfManySwapsWins() throws {
        try catalog().create(table, metadata: "file:///0")
        let outcomes = Outcomes()
        let (path, table) = (path, table)
        DispatchQueue.concurrentPerform(iterations: 8) { number in
            guard let catalog = try? SQLiteCatalog(path: path) else { return }
            outcomes.add(catalog.swap(table, from: "file:///0", to: "file:///\(number + 1)"))
        }
        #expect(outcomes.all.filter(isDone).count == 1)
        #expect(outcomes.all.filter(isConflict).count == 7)
    }

    private final class Outcomes: @unchecked Sendable {
        // Guarded by the lock.
        private var outcomes: [SwapOutcome] = []
        private let lock = NSLock()
        func add(_ outcome: SwapOutcome) { lock.withLock { outcomes.append(outcome) } }
        var all: [SwapOutcome] { lock.withLock { outcomes } }
    }

    @Test func aLockedFileIsADefiniteFailure() throws {
        let catalog = try catalog(lockTimeoutMs: 50)
        try catalog.create(table, metadata: "file:///0")
        let holder = try database()
        try holder.run("BEGIN IMMEDIATE")
        let error = failure(catalog.swap(table, from: "file:///0", to: "file:///1"))
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("locked") == true)
        holder.rollBack()
        #expect(isDone(catalog.swap(table, from: "file:///0", to: "file:///1")))
    }

    @Test func aReaderInTheWayOfCommitIsADefiniteFailure() throws {
        let catalog = try catalog(lockTimeoutMs: 50)
        try catalog.create(table, metadata: "file:///0")
        let reader = try database()
        try reader.run("BEGIN")
        _ = try reader.run("SELECT * FROM iceberg_tables")
        let error = failure(catalog.swap(table, from: "file:///0", to: "file:///1"))
        #expect(error?.code == .unavailable)
        reader.rollBack()
        #expect(try catalog.load(table).location == "file:///0")
        #expect(isDone(catalog.swap(table, from: "file:///0", to: "file:///1")))
    }

    @Test func namesAFileThatIsNoDatabase() throws {
        try Data("this is not a database, it is a text that is long enough to be read as a header".utf8)
            .write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: IcebergError.self) { try catalog() }
        #expect(error?.code == .malformed)
        #expect(error?.description.contains(path) == true)
        #expect(error?.description.contains("LAKE_CATALOG") == true)
    }

    @Test func namesADamagedFile() throws {
        for number in 0..<40 {
            try catalog().create(
                TableIdentifier(namespace: "db", name: "table-\(number)"), metadata: "file:///\(number)")
        }
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for index in 100..<bytes.count { bytes[index] = 0xA5 }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: IcebergError.self) { try catalog() }
        #expect(error?.code == .malformed)
        #expect(error?.description.contains("damaged") == true)
    }

    @Test func survivesAnyDamage() throws {
        let catalog = try catalog()
        for number in 0..<20 {
            try catalog.create(TableIdentifier(namespace: "db", name: "t\(number)"), metadata: "file:///\(number)")
        }
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var random = SeededGenerator(seed: 7)
        for round in 0..<60 {
            var bytes = whole
            if round % 4 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            for _ in 0..<8 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            guard let damaged = try? SQLiteCatalog(path: path, lockTimeoutMs: 10) else { continue }
            _ = try? damaged.namespaces()
            _ = try? damaged.tables(in: "db")
            let one = TableIdentifier(namespace: "db", name: "t1")
            guard let location = try? damaged.load(one).location else { continue }
            _ = damaged.swap(one, from: location, to: "file:///next")
        }
    }

    @Test func namesAFolderThatIsMissing() {
        let error = #expect(throws: IcebergError.self) { try SQLiteCatalog(path: "\(folder)/none/catalog.db") }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("\(folder)/none/catalog.db") == true)
    }

    @Test(
        arguments: [
            (5, true), (6, true), (13, true), (8, true), (14, true), (10, false), (10 | 4 << 8, false), (11, false),
            (7, false), (1, false), (26, true),
        ] as [(Int32, Bool)])
    func sortsTheCodesOfCommit(code: Int32, isUndone: Bool) {
        let error = SQLiteError(code: code, path: "/c.db")
        #expect(error.leavesCommitUndone == isUndone)
        #expect(error.error.description.hasPrefix("/c.db: "))
    }
}

/// Versions by their location, which is all that this catalog looks at.
extension SQLiteCatalog {
    fileprivate func create(_ table: TableIdentifier, metadata location: String) throws(IcebergError) {
        try create(table, Self.version(location))
    }

    fileprivate func swap(_ table: TableIdentifier, from base: String, to location: String) -> SwapOutcome {
        swap(table, from: Self.version(base), to: Self.version(location))
    }

    private static func version(_ location: String) -> TableVersion {
        TableVersion(
            location: location,
            metadata: TableMetadata(
                tableUUID: "", location: "", schema: Schema(schemaID: 0, fields: []),
                partitionSpec: PartitionSpec(specID: 0, fields: []), sortOrder: .unsorted, properties: [:],
                lastColumnID: 0, nowMs: 0))
    }
}
