internal import HTTPTransport
public import JSON

/// AWS Glue's Data Catalog: databases and tables (AWS Glue API reference, "Catalog API").
public struct Glue {
    let client: ServiceClient
    /// The account whose catalog is meant; nil for the caller's own.
    let catalogID: String?

    /// Longest page that is asked for, in elements; Glue allows no more.
    static let pageSize = 100
    /// A longer reply is refused, in bytes: one page of tables with many columns each.
    private static let maximumResponseBytes = 64 << 20

    /// Glue, reached through a client.
    public init(_ client: ServiceClient, catalogID: String? = nil) {
        self.client = client
        self.catalogID = catalogID
    }

    /// A database, as Glue describes it ("Database structure").
    /// - Throws: ``ServiceError/Kind/notFound``.
    public func database(_ name: String) throws(ServiceError) -> JSONValue {
        let call = request("GetDatabase", isIdempotent: true) { $0.member("Name", name) }
        return try Self.member("Database", of: send(call), call)
    }

    /// The names of all databases.
    public func databases() throws(ServiceError) -> [String] {
        try pages("GetDatabases", "DatabaseList", { _ in }) { $0["Name"]?.string }
    }

    /// Makes a database.
    /// - Throws: a ``ServiceError`` of code `AlreadyExistsException` if there is one of this name.
    public func createDatabase(_ name: String) throws(ServiceError) {
        try send(
            request("CreateDatabase", isIdempotent: false) { writer in
                writer.member("DatabaseInput", .object([("Name", .string(name))]))
            })
    }

    /// A table.
    /// - Throws: ``ServiceError/Kind/notFound``, also where the database is missing.
    public func table(_ name: String, in database: String) throws(ServiceError) -> GlueTable {
        try finish(startTable(name, in: database))
    }

    /// Asks for a table without waiting for the answer, which ``finish(_:)`` has.
    public func startTable(_ name: String, in database: String) -> PendingTable {
        let call = request("GetTable", isIdempotent: true) { writer in
            writer.member("DatabaseName", database)
            writer.member("Name", name)
        }
        return PendingTable(call: call, exchange: client.start([call]))
    }

    /// Waits for a table that was asked for.
    public func finish(_ pending: PendingTable) throws(ServiceError) -> GlueTable {
        let response = try Self.only(client.finish(pending.exchange), pending.call)
        guard let table = GlueTable(try Self.member("Table", of: response, pending.call)) else {
            throw Self.malformed(response, pending.call, "the table has no name")
        }
        return table
    }

    /// A table that was asked for.
    public struct PendingTable {
        fileprivate let call: ServiceRequest
        fileprivate let exchange: ServiceExchange
    }

    /// All tables and views of a database.
    public func tables(in database: String) throws(ServiceError) -> [GlueTable] {
        try pages("GetTables", "TableList", { $0.member("DatabaseName", database) }) { GlueTable($0) }
    }

    /// Makes a table.
    /// - Parameter input: the `TableInput`.
    /// - Throws: a ``ServiceError`` of code `AlreadyExistsException` if there is one of this name, of
    ///   `EntityNotFoundException` if the database is missing.
    public func createTable(_ input: JSONValue, in database: String) throws(ServiceError) {
        try send(
            request("CreateTable", isIdempotent: false) { writer in
                writer.member("DatabaseName", database)
                writer.member("TableInput", input)
            })
    }

    /// Replaces all of a table's description.
    /// - Parameters:
    ///   - input: the `TableInput`.
    ///   - versionID: the version that must still be the current one.
    ///   - skipsArchive: whether the version that is replaced is forgotten; archived ones use up a quota.
    /// - Throws: a ``ServiceError`` of code `ConcurrentModificationException` if another version is current.
    public func updateTable(
        _ input: JSONValue, in database: String, versionID: String, skipsArchive: Bool = true
    ) throws(ServiceError) {
        try send(
            request("UpdateTable", isIdempotent: false) { writer in
                writer.member("DatabaseName", database)
                writer.member("TableInput", input)
                writer.member("SkipArchive", skipsArchive)
                writer.member("VersionId", versionID)
            })
    }

    /// Removes a table from the catalog; its files stay.
    /// - Throws: ``ServiceError/Kind/notFound``.
    public func deleteTable(_ name: String, in database: String) throws(ServiceError) {
        try send(
            request("DeleteTable", isIdempotent: false) { writer in
                writer.member("DatabaseName", database)
                writer.member("Name", name)
            })
    }
}

extension Glue {
    /// One call, of the members that a closure adds to those of every call.
    func request(
        _ operation: String, isIdempotent: Bool, _ members: (inout JSONWriter) -> Void
    ) -> ServiceRequest {
        var writer = JSONWriter()
        writer.object { writer in
            if let catalogID { writer.member("CatalogId", catalogID) }
            members(&writer)
        }
        return ServiceRequest(
            .glue, operation, .post,
            fields: [
                HTTPField("Content-Type", "application/x-amz-json-1.1"),
                HTTPField("X-Amz-Target", "AWSGlue.\(operation)"),
            ],
            body: writer.bytes, maximumResponseBytes: Self.maximumResponseBytes, isIdempotent: isIdempotent,
            errorFormat: .json)
    }

    @discardableResult
    func send(_ call: ServiceRequest) throws(ServiceError) -> HTTPResponse {
        try Self.only(client.send([call]), call)
    }

    /// What a closure makes of the elements of all pages of a list; elements of which it makes nothing are left out.
    func pages<Element>(
        _ operation: String, _ list: String, _ members: (inout JSONWriter) -> Void,
        _ read: (JSONValue) -> Element?
    ) throws(ServiceError) -> [Element] {
        var elements: [Element] = []
        var token: String?
        repeat {
            let call = request(operation, isIdempotent: true) { writer in
                members(&writer)
                writer.member("MaxResults", Self.pageSize)
                if let token { writer.member("NextToken", token) }
            }
            let response = try send(call)
            let page = try Self.value(of: response, call)
            guard let found = page[list]?.elements else {
                throw Self.malformed(response, call, "the member \(list) is missing")
            }
            elements += found.compactMap(read)
            let next = page["NextToken"]?.string
            guard next == nil || next != token else {
                throw Self.malformed(response, call, "the same page is named twice")
            }
            token = next
        } while token?.isEmpty == false
        return elements
    }

    /// A reply's body.
    static func value(of response: HTTPResponse, _ call: ServiceRequest) throws(ServiceError) -> JSONValue {
        do {
            return try JSONValue(parsing: response.body)
        } catch {
            throw malformed(response, call, error.description)
        }
    }

    static func malformed(_ response: HTTPResponse, _ call: ServiceRequest, _ reason: String) -> ServiceError {
        ServiceError(
            .malformedReply, service: call.service.id, operation: call.operation, code: "MalformedReply",
            message: reason, status: response.status, requestID: response["x-amzn-requestid"],
            mayHaveActed: !call.isIdempotent)
    }

    private static func member(
        _ name: String, of response: HTTPResponse, _ call: ServiceRequest
    ) throws(ServiceError) -> JSONValue {
        guard let value = try value(of: response, call)[name] else {
            throw malformed(response, call, "the member \(name) is missing")
        }
        return value
    }

    private static func only(
        _ results: [Result<HTTPResponse, ServiceError>], _ call: ServiceRequest
    ) throws(ServiceError) -> HTTPResponse {
        guard let result = results.first else {
            throw malformed(HTTPResponse(status: 0), call, "there is no answer")
        }
        return try result.get()
    }
}
