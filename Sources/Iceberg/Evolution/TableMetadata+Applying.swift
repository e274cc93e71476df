extension TableMetadata {
    /// This version with changes applied in their order; no row and no snapshot changes. A schema, spec or order that the
    /// table had before is used again under its id instead of being added twice.
    ///
    /// Times and logs are left to the commit.
    /// - Throws: ``IcebergError/Code/invalid``, naming the column or property, for a change that Iceberg forbids or that
    ///   older rows could not be read with.
    public func applying(_ changes: [TableChange]) throws(IcebergError) -> TableMetadata {
        guard let before = currentSchema, let oldSpec = defaultSpec, let oldOrder = defaultSortOrder else {
            throw IcebergError(.malformed, "the metadata lacks its current schema, partition spec or sort order")
        }
        var next = self
        var draft = SchemaDraft(before, lastColumnID: lastColumnID)
        var partition: [PartitionTerm]?
        var sort: [SortTerm]?
        for change in changes {
            switch change {
            case .addColumn(let name, let type, let doc): try draft.add(name, type, doc)
            case .widenColumn(let name, let type): try draft.widen(name, to: type)
            case .makeOptional(let name): try draft.makeOptional(name)
            case .setDoc(let column, let doc): try draft.setDoc(column, doc)
            case .dropColumn(let name): try draft.drop(name)
            case .setPartition(let terms): partition = terms
            case .setSortOrder(let terms): sort = terms
            case .setProperties(let properties):
                for name in properties.keys.sorted() { try Self.checkProperty(name) }
                next.properties.merge(properties) { $1 }
            case .removeProperties(let names):
                for name in names {
                    try Self.checkProperty(name)
                    next.properties[name] = nil
                }
            }
        }
        next.lastColumnID = draft.lastColumnID
        try next.use(draft.schema)
        // The layout is made for the columns as they are at last, and so what is dropped may leave it by the same plan.
        if let partition {
            try next.use(
                LayoutDraft.partitionSpec(
                    partition, draft.schema, earlier: partitionSpecs, lastPartitionID: &next.lastPartitionID))
        }
        if let sort { try next.use(LayoutDraft.sortOrder(sort, draft.schema)) }
        try LayoutDraft.check(
            next.defaultSpec ?? oldSpec, next.defaultSortOrder ?? oldOrder, with: draft.schema, before: before)
        try LayoutDraft.check(earlier: partitionSpecs, with: draft.schema, before: before)
        try next.validate()
        return next
    }

    /// Makes a schema current, under the id it has or gets.
    private mutating func use(_ schema: Schema) throws(IcebergError) {
        if let same = schemas.first(where: {
            $0.fields == schema.fields && Set($0.identifierFieldIDs) == Set(schema.identifierFieldIDs)
        }) {
            // Of equal schemas the current one stays.
            if currentSchema?.fields != schema.fields { currentSchemaID = same.schemaID }
            return
        }
        var added = schema
        added.schemaID = try Self.next(schemas.map(\.schemaID))
        schemas.append(added)
        currentSchemaID = added.schemaID
    }

    private mutating func use(_ spec: PartitionSpec) throws(IcebergError) {
        if defaultSpec?.fields == spec.fields { return }
        if let same = partitionSpecs.first(where: { $0.fields == spec.fields }) {
            defaultSpecID = same.specID
            return
        }
        let id = try Self.next(partitionSpecs.map(\.specID))
        partitionSpecs.append(PartitionSpec(specID: id, fields: spec.fields))
        defaultSpecID = id
    }

    private mutating func use(_ order: SortOrder) throws(IcebergError) {
        if defaultSortOrder?.fields == order.fields { return }
        if let same = sortOrders.first(where: { $0.fields == order.fields }) {
            defaultSortOrderID = same.orderID
            return
        }
        // 0 stands for no order, and for nothing else.
        let id = order.fields.isEmpty ? 0 : try Self.next([0] + sortOrders.map(\.orderID))
        sortOrders.append(SortOrder(orderID: id, fields: order.fields))
        defaultSortOrderID = id
    }

    private static func next(_ ids: [Int]) throws(IcebergError) -> Int {
        let (next, overflows) = (ids.max() ?? -1).addingReportingOverflow(1)
        guard !overflows else { throw IcebergError(.malformed, "the ids of schemas, specs or orders have run out") }
        return next
    }

    /// Some names are not a user's to set: those that catalogs take for the table's own state, and those that mirror how
    /// far sources have been taken.
    private static func checkProperty(_ name: String) throws(IcebergError) {
        let reserved: Set<String> = [
            "format-version", "uuid", "snapshot-count", "current-snapshot-summary", "current-snapshot-id",
            "current-snapshot-timestamp-ms", "current-schema", "default-partition-spec", "default-sort-order",
        ]
        guard !reserved.contains(name), !InheritedSummary.isInherited(name) else {
            throw IcebergError(.invalid, "the property is not to be set or removed by hand", at: name)
        }
        guard !name.isEmpty else { throw IcebergError(.invalid, "a property needs a name") }
    }
}
