public import AWS
internal import HTTPTransport
public import Iceberg
internal import JSON
internal import ObjectStores

/// A catalog behind the Iceberg REST specification: its server writes the metadata files, from the changes that a commit
/// tells it. One thread at a time may use it.
///
/// The server's configuration is asked for once, with the first call. Files are read and written with this side's own
/// credentials: none are asked of the catalog (`X-Iceberg-Access-Delegation` is not sent), and those in its replies are
/// not used. A namespace of several levels is written with dots between them.
public final class RESTCatalog: Catalog {
    private let settings: RESTCatalogSettings
    private let connection: RESTConnection

    /// Reads a secret that is kept elsewhere once more.
    public typealias NewAuthorization = () throws -> RESTCatalogSettings.Authorization

    /// A catalog; nothing is sent yet.
    /// - Parameters:
    ///   - nowMs: milliseconds since the epoch.
    ///   - newAuthorization: is asked once the server has refused the id and secret of the settings, as it does after they
    ///     were rotated; nil if they are kept nowhere else.
    public init(
        _ client: ServiceClient, _ settings: RESTCatalogSettings, nowMs: @escaping () -> Int64,
        newAuthorization: NewAuthorization? = nil
    ) {
        self.settings = settings
        let token = RESTToken(settings, nowMs: nowMs, newAuthorization: newAuthorization)
        connection = RESTConnection(client, settings, token)
    }

    /// Whether it is Glue's own data catalog that stands behind it: then what is no Iceberg table is Glue's to hold.
    public var isGlue: Bool {
        settings.authorization == .signature(service: AWSService.glue.id)
            && settings.warehouse.map { $0.utf8.count == 12 && $0.utf8.allSatisfy { $0 &- 0x30 < 10 } } ?? true
    }

    /// The account whose Glue catalog is meant where ``isGlue``; nil for the caller's own.
    public var glueCatalogID: String? { isGlue ? settings.warehouse : nil }

    /// The server writes metadata files.
    public var writesMetadata: Bool { true }

    /// The table's current version, with the metadata file's content as the server hands it out: one request, and before
    /// the first one the configuration's and, with client credentials, the token's.
    /// - Throws: ``IcebergError/Code/notFound``; ``IcebergError/Code/malformed`` for a reply that breaks the
    ///   specification; the server's faults.
    public func load(_ table: TableIdentifier) throws(IcebergError) -> CatalogEntry {
        let call = connection.call("LoadTable", .get, try connection.paths().table(table), isIdempotent: true)
        do {
            return try connection.read(call, RESTReplies.entry)
        } catch {
            throw error.at("\(table)")
        }
    }

    /// Has the changes between two versions made, if the head of main is still what it was in the first.
    ///
    /// The same commit sent again is a conflict where it had happened before, since it moved main.
    public func swap(_ table: TableIdentifier, from base: TableVersion, to proposed: TableVersion) -> SwapOutcome {
        let call: ServiceRequest
        do {
            let changes = try TableChanges(from: base.metadata, to: proposed.metadata)
            let levels = try RESTPaths.levels(of: table.namespace)
            call = connection.call(
                "CommitTable", .post, try connection.paths().table(table),
                body: changes.serialized(namespace: levels, name: table.name), isIdempotent: false)
        } catch {
            // Nothing was sent that changes anything.
            return .failed(error.at("\(table)"))
        }
        do {
            let response = try connection.send(call)
            do {
                return .doneAs(try RESTReplies.entry(response.body))
            } catch {
                // It is done, but as what, only the table itself can tell.
                return .unknown(
                    IcebergError(ServiceReply(response, to: call).malformed(error.description)).at("\(table)"))
            }
        } catch {
            return RESTSwap.outcome(of: error, IcebergError(error).at("\(table)"))
        }
    }

    /// Makes a new table, and its namespace where the server says that it is missing. The server gives it its UUID, and
    /// may number its columns afresh.
    ///
    /// Servers that give tables their places refuse one that is asked for: with `sigv4=s3tables` none is, nor where the
    /// warehouse is a name and no place.
    /// - Throws: ``IcebergError/Code/alreadyExists``; ``IcebergError/Code/unknownOutcome`` if the server may have made
    ///   it; the server's faults, which are definite.
    public func create(_ table: TableIdentifier, _ version: TableVersion) throws(IcebergError) {
        let paths = try connection.paths()
        _ = try paths.table(table)
        let givesLocation =
            settings.authorization != .signature(service: AWSService.s3tables.id)
            && version.metadata.location.holds("://")
        let call = connection.call(
            "CreateTable", .post, try paths.tables(in: table.namespace),
            body: try version.metadata.createRequest(name: table.name, givesLocation: givesLocation),
            isIdempotent: false)
        guard var error = connection.fault(of: call, RESTReplies.entry) else { return }
        if error.status == 404, !RESTSwap.mayHaveActed(error) {
            _ = try createNamespace(table.namespace, comment: nil)
            guard let second = connection.fault(of: call, RESTReplies.entry) else { return }
            error = second
        }
        throw Self.meaning(ofCreation: error).at("\(table)")
    }

    /// Makes a namespace; another process may have made it at the same time.
    /// - Throws: the server's faults. Whatever became of the namespace, no table was made in it.
    public func createNamespace(_ namespace: String, comment: String?) throws(IcebergError) -> Bool {
        let paths = try connection.paths()
        let levels = try RESTPaths.levels(of: namespace)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("namespace", .array(levels.map { .string($0) }))
            writer.member("properties", .object(comment.map { [("comment", .string($0))] } ?? []))
        }
        let call = connection.call(
            "CreateNamespace", .post, paths.namespaces, body: writer.bytes, isIdempotent: false)
        guard let error = connection.fault(of: call, JSONValue.init(parsing:)) else { return true }
        guard error.status == 409 else { throw IcebergError(error).at(namespace) }
        return false
    }

    /// The namespaces at the top, sorted.
    public func namespaces() throws(IcebergError) -> [String] {
        let found = try connection.pages("ListNamespaces", connection.paths().namespaces, RESTReplies.namespaces)
        return found.map { $0.joined(separator: ".") }.sorted()
    }

    /// All tables of a namespace, sorted by name.
    /// - Throws: ``IcebergError/Code/notFound`` if there is no such namespace.
    public func tables(in namespace: String) throws(IcebergError) -> [TableIdentifier] {
        do {
            let path = try connection.paths().tables(in: namespace)
            return try connection.pages("ListTables", path, RESTReplies.tables).sorted()
                .map { TableIdentifier(namespace: namespace, name: $0) }
        } catch {
            throw error.at(namespace)
        }
    }

    // MARK: - Making

    /// A creation that may have happened is never reported as a definite fault.
    private static func meaning(ofCreation error: ServiceError) -> IcebergError {
        if error.status == 409 { return IcebergError(.alreadyExists, "the catalog has a table of this name") }
        guard RESTSwap.mayHaveActed(error) else { return IcebergError(error) }
        return IcebergError(.unknownOutcome, "the table may or may not be made: \(error)")
    }
}
