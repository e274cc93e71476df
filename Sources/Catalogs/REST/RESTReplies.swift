internal import Iceberg
internal import JSON

/// Replies of an Iceberg REST catalog, as far as they are used. Members may come in any order, and others beside them.
enum RESTReplies {
    /// `LoadTableResult`, and `CommitTableResponse`: the metadata is cut out as it stands, not parsed and written again.
    static func entry(_ body: [UInt8]) throws(JSONError) -> CatalogEntry {
        var location: String?
        var metadata: JSONToken?
        var reader = JSONReader(body.span.bytes)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.equals(key, "metadata-location"), try reader.peek() == .string {
                location = try reader.string(reader.next())
            } else if reader.equals(key, "metadata") {
                metadata = try reader.next(.object)
            } else {
                try reader.skip()
            }
        }
        try reader.end()
        guard let metadata else { throw JSONError(.truncated, at: body.count, "the member metadata is missing") }
        guard let location, !location.isEmpty else {
            throw JSONError(.truncated, at: body.count, "the member metadata-location is missing")
        }
        return CatalogEntry(location: location, metadata: Array(body[metadata.start..<metadata.end]))
    }

    /// What the server says of itself (`CatalogConfig`): its overrides, and its defaults where it overrides nothing.
    static func configuration(_ body: [UInt8]) throws(JSONError) -> [String: String] {
        let value = try JSONValue(parsing: body)
        guard value.members != nil else { throw JSONError(.wrongKind, at: 0, "expected an object") }
        var properties: [String: String] = [:]
        for part in ["defaults", "overrides"] {
            for (name, value) in value[part]?.members ?? [] { properties[name] = value.string }
        }
        return properties
    }

    /// One page of namespaces (`ListNamespacesResponse`), each by its levels, and the token of the next page.
    static func namespaces(_ body: [UInt8]) throws(JSONError) -> (namespaces: [[String]], next: String?) {
        let value = try JSONValue(parsing: body)
        guard let elements = value["namespaces"]?.elements else { throw missing("namespaces", body) }
        return (try elements.map { namespace throws(JSONError) in try levels(namespace, body) }, next(value))
    }

    /// One page of tables (`ListTablesResponse`) by their names, and the token of the next page.
    static func tables(_ body: [UInt8]) throws(JSONError) -> (names: [String], next: String?) {
        let value = try JSONValue(parsing: body)
        guard let elements = value["identifiers"]?.elements else { throw missing("identifiers", body) }
        let names = try elements.map { identifier throws(JSONError) in
            guard let name = identifier["name"]?.string else { throw missing("name", body) }
            return name
        }
        return (names, next(value))
    }

    /// A token (`OAuthTokenResponse`), and for how many seconds it is good, if the server says.
    static func token(_ body: [UInt8]) throws(JSONError) -> (token: String, lifetime: Int64?) {
        let value = try JSONValue(parsing: body)
        guard let token = value["access_token"]?.string, !token.isEmpty else { throw missing("access_token", body) }
        let lifetime = value["expires_in"].flatMap { $0.integer ?? $0.string.flatMap { Int64($0) } }
        return (token, lifetime.flatMap { $0 > 0 ? $0 : nil })
    }

    private static func next(_ page: JSONValue) -> String? {
        page["next-page-token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func levels(_ namespace: JSONValue, _ body: [UInt8]) throws(JSONError) -> [String] {
        guard let elements = namespace.elements else { throw JSONError(.wrongKind, at: 0, "expected a list of levels") }
        return try elements.map { element throws(JSONError) in
            guard let level = element.string else { throw JSONError(.wrongKind, at: 0, "expected a level's name") }
            return level
        }
    }

    private static func missing(_ member: String, _ body: [UInt8]) -> JSONError {
        JSONError(.truncated, at: body.count, "the member \(member) is missing")
    }
}
