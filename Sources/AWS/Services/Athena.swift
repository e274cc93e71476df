internal import JSON

/// Amazon Athena: SQL statements, started and looked after.
public struct Athena {
    private let client: ServiceClient

    /// The service, as a client reaches it.
    public init(_ client: ServiceClient) { self.client = client }

    /// A statement and where it runs.
    public struct Statement: Equatable, Sendable {
        /// The SQL.
        public var sql: String
        /// The database that names without one are in.
        public var database: String?
        /// The catalog; nil for the Glue Data Catalog.
        public var catalog: String?
        /// The workgroup; nil for `primary`.
        public var workGroup: String?
        /// Where results go, `s3://bucket/prefix/`; nil for the workgroup's place.
        public var outputLocation: String?

        /// A statement.
        public init(
            _ sql: String, database: String? = nil, catalog: String? = nil, workGroup: String? = nil,
            outputLocation: String? = nil
        ) {
            self.sql = sql
            self.database = database
            self.catalog = catalog
            self.workGroup = workGroup
            self.outputLocation = outputLocation
        }
    }

    /// Starts a statement (StartQueryExecution).
    /// - Parameter token: 32 to 128 characters; the same statement with the same token runs once, however often it is
    ///   started.
    /// - Returns: the execution's id.
    public func start(_ statement: Statement, token: String) throws(ServiceError) -> String {
        let request = call("StartQueryExecution") { writer in
            writer.member("QueryString", statement.sql)
            writer.member("ClientRequestToken", token)
            if statement.database != nil || statement.catalog != nil {
                writer.member("QueryExecutionContext") { writer in
                    writer.object { writer in
                        if let database = statement.database { writer.member("Database", database) }
                        if let catalog = statement.catalog { writer.member("Catalog", catalog) }
                    }
                }
            }
            if let workGroup = statement.workGroup { writer.member("WorkGroup", workGroup) }
            if let location = statement.outputLocation {
                writer.member("ResultConfiguration") { writer in
                    writer.object { writer in writer.member("OutputLocation", location) }
                }
            }
        }
        let (reply, value) = try client.object(request)
        return try reply.require(value["QueryExecutionId"]?.string, "QueryExecutionId")
    }

    /// How an execution stands (GetQueryExecution).
    public func execution(_ id: String) throws(ServiceError) -> AthenaExecution {
        let (reply, value) = try client.object(call("GetQueryExecution", id))
        let execution = try reply.require(value["QueryExecution"], "QueryExecution")
        guard let name = execution["Status"]?["State"]?.string, let state = AthenaExecution.State(rawValue: name) else {
            throw reply.malformed("a reply without a known State")
        }
        return AthenaExecution(
            state: state, reason: execution["Status"]?["StateChangeReason"]?.string,
            outputLocation: execution["ResultConfiguration"]?["OutputLocation"]?.string,
            scannedBytes: execution["Statistics"]?["DataScannedInBytes"]?.integer,
            milliseconds: execution["Statistics"]?["TotalExecutionTimeInMillis"]?.integer,
            isRetryable: execution["Status"]?["AthenaError"]?["Retryable"]?.bool ?? false)
    }

    /// A page of an execution's rows (GetQueryResults).
    /// - Parameter next: what the page before it said; nil for the first page.
    public func results(_ id: String, next: String? = nil, maximumRows: Int = 1000) throws(ServiceError) -> AthenaRows {
        let request = call("GetQueryResults", id) { writer in
            writer.member("MaxResults", maximumRows)
            if let next { writer.member("NextToken", next) }
        }
        let (reply, value) = try client.object(request)
        let set = try reply.require(value["ResultSet"], "ResultSet")
        let columns = set["ResultSetMetadata"]?["ColumnInfo"]?.elements ?? []
        let rows = (set["Rows"]?.elements ?? []).map { row in
            (row["Data"]?.elements ?? []).map { $0["VarCharValue"]?.string }
        }
        return AthenaRows(
            columns: columns.map { ($0["Name"]?.string ?? "", $0["Type"]?.string ?? "") }, rows: rows,
            next: value["NextToken"]?.string)
    }

    /// Stops an execution, if it still runs (StopQueryExecution).
    public func stop(_ id: String) throws(ServiceError) { _ = try client.send(call("StopQueryExecution", id)) }

    private func call(
        _ operation: String, _ id: String? = nil, _ parameters: (inout JSONWriter) -> Void = { _ in }
    ) -> ServiceRequest {
        // Each comes to the same when sent twice: a start carries its token.
        .json(.athena, target: "AmazonAthena", operation, isIdempotent: true) { writer in
            if let id { writer.member("QueryExecutionId", id) }
            parameters(&writer)
        }
    }
}
