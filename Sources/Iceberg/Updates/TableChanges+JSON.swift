internal import JSON

extension TableChanges {
    /// The body of the request (`CommitTableRequest`). The table is named by the request's path, which every server
    /// goes by, and again here.
    /// - Parameter namespace: the namespace's levels.
    public func serialized(namespace: [String], name: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("identifier") { writer in
                writer.object { writer in
                    writer.member("namespace", .array(namespace.map { .string($0) }))
                    writer.member("name", name)
                }
            }
            writer.member("requirements") { writer in
                writer.array { for requirement in requirements { requirement.write(to: &$0) } }
            }
            writer.member("updates") { writer in writer.array { for update in updates { update.write(to: &$0) } } }
        }
        return writer.bytes
    }
}

extension TableMetadata {
    /// The body of a request that makes this table in a REST catalog (`CreateTableRequest`). The server gives it its
    /// UUID, and may number fields, schemas, specs and orders afresh: read the table again before using it.
    /// - Parameter givesLocation: whether the table is to lie where this metadata says; otherwise the server decides.
    public func createRequest(name: String, givesLocation: Bool) throws(IcebergError) -> [UInt8] {
        guard let schema = currentSchema, let spec = defaultSpec, let order = defaultSortOrder else {
            throw IcebergError(.malformed, "the metadata lacks its current schema, partition spec or sort order")
        }
        // A property that servers take for the table's version, and do not keep.
        let properties = properties.merging(["format-version": "2"]) { own, _ in own }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", name)
            if givesLocation { writer.member("location", location) }
            writer.member("schema") { schema.write(to: &$0) }
            writer.member("partition-spec") { spec.write(to: &$0) }
            writer.member("write-order") { order.write(to: &$0) }
            writer.member("stage-create", false)
            writer.member("properties") { writer in writer.object { $0.members(properties) } }
        }
        return writer.bytes
    }
}
