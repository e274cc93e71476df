import AWS
import Catalogs
import Foundation
import HTTPTransport
import Iceberg
import JSON
@testable import Lake
import LambdaRuntime
import ObjectStores
import TestSupport

/// What an upstream answers.
enum Reply: Sendable {
    case ok(String)
    case status(Int, retryAfter: String? = nil)
    case failure(HTTPFailure.Code)
}

/// An upstream that answers with prepared replies in turn, the last for ever, beside a clock that only waiting moves.
final class Upstream {
    private(set) var requests: [HTTPRequest] = []
    private(set) var waits: [Int64] = []
    /// Called before each answer.
    var onRequest: () -> Void = {}
    private var replies: [Reply]
    private var nowMs = TemporaryLake.nowMs

    init(_ replies: Reply...) { self.replies = replies }

    /// A client over this upstream, whose requests end at a deadline.
    func client(_ deadline: RequestDeadline) throws -> ServiceClient {
        ServiceClient(
            try AWSConfiguration(environment: [:]), credentials: NoCredentials(), deadline: deadline,
            surroundings: ServiceSurroundings(
                nowMs: { self.nowMs }, random: ZeroGenerator(),
                sleep: {
                    self.waits.append($0)
                    self.nowMs += $0
                }),
            send: { requests in { requests.map { self.answer($0) } } })
    }

    private func answer(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPFailure> {
        requests.append(request)
        onRequest()
        switch replies.count > 1 ? replies.removeFirst() : replies[0] {
        case .ok(let body): return .success(HTTPResponse(status: 200, body: Array(body.utf8)))
        case .status(let status, let retryAfter):
            let body = Array("{\"message\":\"not with the key \(AssetsLake.key)\"}".utf8)
            let fields = retryAfter.map { [HTTPField("Retry-After", $0)] } ?? []
            return .success(HTTPResponse(status: status, fields: fields, body: body))
        case .failure(let code): return .failure(HTTPFailure(code, "no answer", mayHaveActed: true))
        }
    }

    private final class NoCredentials: CredentialsProvider {
        func credentials() throws(ServiceError) -> Credentials {
            Credentials(accessKeyID: "AKID", secretAccessKey: "hidden")
        }
        func discard(_ credentials: Credentials) {}
    }
}

/// A lake with a table of logos, in a folder that goes with it, and a function that refreshes it in this process.
final class AssetsLake {
    static let key = "K-E-Y-1234"
    private static let table = TableIdentifier(namespace: "crypto_db", name: "crypto_assets")

    private let folder: URL
    private let ownsFolder: Bool
    private let lake: Lake
    private var handler: RefreshAssets

    convenience init(
        _ upstream: Upstream, key: String = AssetsLake.key, catalog: ((any Catalog) -> any Catalog)? = nil
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try self.init(upstream, folder, key: key, catalog: catalog, ownsFolder: true)
    }

    private init(
        _ upstream: Upstream, _ folder: URL, key: String, catalog: ((any Catalog) -> any Catalog)?, ownsFolder: Bool
    ) throws {
        self.folder = folder
        self.ownsFolder = ownsFolder
        var sample = SampleDefinition()
        sample.tables = """
            , {"name":"crypto_db.crypto_assets","columns":[{"name":"asset_id","type":"string"},
            {"name":"url","type":"string"},{"name":"load_date","type":"timestamp"}]}
            """
        sample.databases = #"[{"name": "db"}, {"name": "lake_db"}, {"name": "crypto_db"}]"#
        sample.root = #""assets": {"table": "crypto_db.crypto_assets", "symbols": ["BTC/USD"]}"#
        let sqlite = try SQLiteCatalog(path: folder.appending(path: "catalog.db").path(), name: "swiftlake")
        var environment = TemporaryLake.environment
        environment.sleep = { _ in }
        lake = Lake(
            try sample.parsed(), catalog: catalog.map { $0(sqlite) } ?? sqlite, store: FileObjectStore(),
            warehouse: "file://" + folder.appending(path: "warehouse").path(), createsTables: true,
            environment: environment)
        guard let assets = lake.definition.assets else { throw CancellationError() }
        let client = try upstream.client(lake.deadline)
        handler = RefreshAssets(
            lake: lake, assets,
            try CoinAPI(assets, ["COINAPI_KEY": key]) { () throws(IcebergError) in client })
    }

    deinit { if ownsFolder { try? FileManager.default.removeItem(at: folder) } }

    /// Another process on the same lake.
    func sibling(_ upstream: Upstream) throws -> AssetsLake {
        try AssetsLake(upstream, folder, key: Self.key, catalog: nil, ownsFolder: false)
    }

    /// Runs the function once and returns its reply.
    func run(_ event: String, requestID: String = "test") throws -> JSONValue {
        let context = TemporaryLake.context(nowMs: TemporaryLake.nowMs, requestID: requestID)
        return try JSONValue(parsing: handler.handle(JSONEvent(EventBuffer(Array(event.utf8))), context).bytes)
    }

    /// The newest version of the table.
    var metadata: TableMetadata {
        get throws {
            let table = try lake.table(Self.table)
            try table.refresh()
            return try table.metadata
        }
    }

    /// Rows of the table.
    var rows: Int {
        get throws { try metadata.currentSnapshot?.summary.properties["total-records"].flatMap { Int($0) } ?? 0 }
    }
}

/// When the reply to a swap is lost.
enum SwapLoss: Sendable { case beforeIt, afterIt }

/// A catalog that loses the reply to its first swap and all that are sent to settle it, and is well afterwards.
final class LossyCatalog: Catalog {
    private let real: any Catalog
    private let loss: SwapLoss
    private var left = 6

    init(real: any Catalog, loss: SwapLoss) {
        self.real = real
        self.loss = loss
    }

    func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry { try real.load(table) }
    func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        guard left > 0 else { return real.swap(table, from: base, to: proposed) }
        left -= 1
        if loss == .afterIt { _ = real.swap(table, from: base, to: proposed) }
        return .unknown(IcebergError(.unavailable, "the reply is lost"))
    }
    func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        try real.create(table, version)
    }
    func namespaces() throws(IcebergError) -> [String] { try real.namespaces() }
    func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] { try real.tables(in: namespace) }
}
