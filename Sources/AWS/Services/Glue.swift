public import JSON

/// AWS Glue's Data Catalog: databases and tables (AWS Glue API reference, "Catalog API").
public struct Glue {
    let client: ServiceClient
    /// The account whose catalog is meant; nil for the caller's own.
    let catalogID: String?

    /// Longest page that is asked for, in elements; of databases and tables Glue allows no more.
    static let pageSize = 100
    /// Glue, reached through a client.
    public init(_ client: ServiceClient, catalogID: String? = nil) {
        self.client = client
        self.catalogID = catalogID
    }

    /// A database, as Glue describes it ("Database structure").
    /// - Throws: ``ServiceError/Kind/notFound``.
    public func database(_ name: String) throws(ServiceError) -> JSONValue {
        let (reply, value) = try client.object(
            request("GetDatabase", isIdempotent: true) { $0.member("Name", name) })
        return try reply.require(value["Database"], "Database")
    }

    /// The names of all databases.
    public func databases() throws(ServiceError) -> [String] {
        try pages("GetDatabases", "DatabaseList", { _ in }) { $0["Name"]?.string }
    }

    /// Makes a database.
    /// - Parameter description: what to say of it to people; nil for nothing.
    /// - Throws: a ``ServiceError`` of code `AlreadyExistsException` if there is one of this name.
    public func createDatabase(_ name: String, description: String? = nil) throws(ServiceError) {
        var members: [(name: String, value: JSONValue)] = [("Name", .string(name))]
        if let description { members.append(("Description", .string(description))) }
        try acknowledged(
            request("CreateDatabase", isIdempotent: false) { writer in
                writer.member("DatabaseInput", .object(members))
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
        let reply = ServiceReply(try client.finish(pending.exchange)[0].get(), to: pending.call)
        return try reply.require(try reply.object()["Table"].flatMap { GlueTable($0) }, "Table")
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
        try acknowledged(
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
        try acknowledged(
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
        try acknowledged(
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
        .json(.glue, target: "AWSGlue", operation, isIdempotent: isIdempotent) { writer in
            if let catalogID { writer.member("CatalogId", catalogID) }
            members(&writer)
        }
    }

    /// Sends a call whose reply says nothing: an empty object, or no bytes at all. Whatever else came with success did not
    /// come from Glue, as behind a page that asks to log in.
    private func acknowledged(_ call: ServiceRequest) throws(ServiceError) {
        let response = try client.send(call)
        guard !response.body.isEmpty else { return }
        let reply = ServiceReply(response, to: call)
        if try reply.object()["__type"] != nil { throw reply.malformed("success with an error in it") }
    }

    /// What a closure makes of the elements of all pages of a list; elements of which it makes nothing are left out.
    func pages<Element>(
        _ operation: String, _ list: String, size: Int = Glue.pageSize, _ members: (inout JSONWriter) -> Void,
        _ read: (JSONValue) -> Element?
    ) throws(ServiceError) -> [Element] {
        var elements: [Element] = []
        var token: String?
        repeat {
            let call = request(operation, isIdempotent: true) { writer in
                members(&writer)
                writer.member("MaxResults", size)
                if let token { writer.member("NextToken", token) }
            }
            let (reply, page) = try client.object(call)
            elements += try reply.require(page[list]?.elements, list).compactMap(read)
            let next = page["NextToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            guard next == nil || next != token else { throw reply.malformed("a page that names itself as the next") }
            token = next
        } while token != nil
        return elements
    }
}
