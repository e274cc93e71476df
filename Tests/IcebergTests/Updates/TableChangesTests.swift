import JSON
import Testing

@testable import Iceberg

@Suite struct TableChangesTests {
    /// A version with a few snapshots, a tag and properties.
    private func base() throws -> TableMetadata { try TableMetadataTests.table(snapshots: 3, properties: 1) }

    /// An append, as a commit makes it.
    private func appended(to base: TableMetadata) -> TableMetadata {
        var metadata = base
        metadata.lastSequenceNumber += 1
        let snapshot = Snapshot(
            snapshotID: 77, parentSnapshotID: base.currentSnapshotID, sequenceNumber: metadata.lastSequenceNumber,
            timestampMs: 1_700_000_009_000, manifestList: "file:///lake/t/metadata/snap-77.avro",
            summary: Snapshot.Summary(operation: "append", properties: ["added-records": "3"]), schemaID: 0)
        metadata.snapshots.append(snapshot)
        metadata.currentSnapshotID = 77
        metadata.refs["main", default: SnapshotReference(snapshotID: 77, kind: .branch)].snapshotID = 77
        metadata.snapshotLog.append(.init(timestampMs: snapshot.timestampMs, snapshotID: 77))
        metadata.lastUpdatedMs = snapshot.timestampMs
        return metadata
    }

    private func json(_ changes: TableChanges) throws -> JSONValue {
        try JSONValue(parsing: changes.serialized(namespace: ["db", "deep"], name: "t"))
    }

    @Test func anAppendAddsASnapshotAndMovesMain() throws {
        let base = try base()
        let changes = try TableChanges(from: base, to: appended(to: base))
        let text = String(decoding: changes.serialized(namespace: ["db", "deep"], name: "t"), as: UTF8.self)
        #expect(
            text == #"{"identifier":{"namespace":["db","deep"],"name":"t"},"requirements":["#
                + #"{"type":"assert-table-uuid","uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1"},"#
                + #"{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":3},"#
                + #"{"type":"assert-current-schema-id","current-schema-id":0}],"updates":["#
                + #"{"action":"add-snapshot","snapshot":{"sequence-number":4,"snapshot-id":77,"parent-snapshot-id":3,"#
                + #""timestamp-ms":1700000009000,"summary":{"operation":"append","added-records":"3"},"#
                + #""manifest-list":"file:///lake/t/metadata/snap-77.avro","schema-id":0}},"#
                + #"{"action":"set-snapshot-ref","ref-name":"main","snapshot-id":77,"type":"branch","#
                + #""min-snapshots-to-keep":3}]}"#)
    }

    @Test func anEmptyTableMustStillBeEmpty() throws {
        let base = try TableMetadataTests.table()
        let changes = try TableChanges(from: base, to: appended(to: base))
        #expect(changes.requirements[1] == .referenceSnapshotID(name: "main", nil))
        let requirement = try #require(try json(changes)["requirements"]?.elements?[1])
        #expect(requirement["snapshot-id"] == .null)
    }

    @Test func propertiesAndExpiredSnapshotsFollowTheReference() throws {
        let base = try base()
        var proposed = appended(to: base)
        proposed.snapshots.removeAll { $0.snapshotID == 2 }
        proposed.properties["k"] = nil
        proposed.properties["new"] = "1"
        let changes = try TableChanges(from: base, to: proposed)
        let updates = try #require(try json(changes)["updates"]?.elements)
        #expect(
            updates.map { $0["action"]?.string } == [
                "add-snapshot", "set-snapshot-ref", "remove-snapshots", "set-properties", "remove-properties",
            ])
        #expect(updates[2]["snapshot-ids"] == .array([.number("2")]))
        #expect(updates[3]["updates"] == .object([("new", .string("1"))]))
        #expect(updates[4]["removals"] == .array([.string("k")]))
    }

    @Test func referencesKeepTheirRetentionAndAreGuarded() throws {
        let base = try base()
        var proposed = base
        proposed.refs["tag"] = nil
        proposed.refs["audit"] = SnapshotReference(
            snapshotID: 2, kind: .branch, minSnapshotsToKeep: 4, maxSnapshotAgeMs: 5, maxRefAgeMs: 6)
        let changes = try TableChanges(from: base, to: proposed)
        #expect(
            changes.requirements.suffix(2) == [
                .referenceSnapshotID(name: "audit", nil), .referenceSnapshotID(name: "tag", 1),
            ])
        let updates = try #require(try json(changes)["updates"]?.elements)
        #expect(
            updates[0]
                == .object([
                    ("action", .string("set-snapshot-ref")), ("ref-name", .string("audit")),
                    ("snapshot-id", .number("2")), ("type", .string("branch")), ("min-snapshots-to-keep", .number("4")),
                    ("max-snapshot-age-ms", .number("5")), ("max-ref-age-ms", .number("6")),
                ]))
        #expect(updates[1]["action"]?.string == "remove-snapshot-ref")
        #expect(updates[1]["ref-name"]?.string == "tag")
    }

    @Test func aNewSchemaBecomesCurrentByItsPlace() throws {
        let base = try base()
        var proposed = base
        try proposed.addColumns([NestedField(id: 0, name: "extra", type: .string)])
        let changes = try TableChanges(from: base, to: proposed)
        #expect(changes.updates == [.addSchema(proposed.schemas[1], lastColumnID: 3), .setCurrentSchema(-1)])
        #expect(changes.requirements.suffix(2) == [.currentSchemaID(0), .lastAssignedFieldID(2)])
        let body = try json(changes)
        #expect(body["updates"]?.elements?[0]["last-column-id"]?.integer == 3)
        #expect(body["updates"]?.elements?[0]["schema"]?["schema-id"]?.integer == 1)
        #expect(body["updates"]?.elements?[1]["schema-id"]?.integer == -1)
        #expect(body["requirements"]?.elements?[2]["type"]?.string == "assert-current-schema-id")
        #expect(body["requirements"]?.elements?[2]["current-schema-id"]?.integer == 0)
        #expect(body["requirements"]?.elements?[3]["last-assigned-field-id"]?.integer == 2)

        // Going back to a schema that was there before needs no place.
        #expect(
            try TableChanges(
                from: proposed,
                to: { () -> TableMetadata in
                    var back = proposed
                    back.currentSchemaID = 0
                    return back
                }()
            ).updates == [.setCurrentSchema(0)])
    }

    @Test func specsOrdersAndLocationAreSent() throws {
        let base = try base()
        var proposed = base
        proposed.partitionSpecs.append(PartitionSpec(specID: 1, fields: []))
        proposed.defaultSpecID = 1
        proposed.sortOrders.append(SortOrder(orderID: 2, fields: []))
        proposed.defaultSortOrderID = 2
        proposed.location = "file:///elsewhere"
        let changes = try TableChanges(from: base, to: proposed)
        let body = try json(changes)
        #expect(
            body["updates"]?.elements?.map { $0["action"]?.string } == [
                "add-spec", "set-default-spec", "add-sort-order", "set-default-sort-order", "set-location",
            ])
        #expect(body["updates"]?.elements?[1]["spec-id"]?.integer == -1)
        #expect(body["updates"]?.elements?[3]["sort-order-id"]?.integer == -1)
        #expect(
            changes.requirements.dropFirst(3) == [
                .defaultSpecID(0), .lastAssignedPartitionID(1000), .defaultSortOrderID(1),
            ])
        #expect(
            body["requirements"]?.elements?.dropFirst(3).map { $0["type"]?.string } == [
                "assert-default-spec-id", "assert-last-assigned-partition-id", "assert-default-sort-order-id",
            ])
    }

    @Test func statisticsLeaveWithTheirSnapshots() throws {
        var base = try base()
        let kept = JSONValue.object([("snapshot-id", .integer(3)), ("statistics-path", .string("s3://x"))])
        let leaving = JSONValue.object([("snapshot-id", .integer(2)), ("statistics-path", .string("s3://y"))])
        base.unknownMembers = [Snapshot.Member(name: "statistics", value: .array([leaving, kept]))]
        var proposed = appended(to: base)
        proposed.snapshots.removeAll { $0.snapshotID == 2 }
        proposed.unknownMembers[0].value = .array([kept])
        #expect(try TableChanges(from: base, to: proposed).updates.contains(.removeSnapshots([2])))
        proposed.unknownMembers[0].value = .array([])
        let error = #expect(throws: IcebergError.self) { try TableChanges(from: base, to: proposed) }
        #expect(error?.code == .unsupported)
    }

    @Test(arguments: ["table-uuid", "schemas", "partition-specs", "sort-orders"])
    func refusesWhatTheSpecificationHasNoUpdateFor(member: String) throws {
        let base = try base()
        var proposed = base
        switch member {
        case "table-uuid": proposed.tableUUID = "another"
        case "schemas": proposed.schemas[0].fields[0].name = "renamed in place"
        case "partition-specs": proposed.partitionSpecs = []
        default: proposed.sortOrders.removeLast()
        }
        let error = #expect(throws: IcebergError.self) { try TableChanges(from: base, to: proposed) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(member) == true)
    }

    @Test func nothingChangedIsNoUpdate() throws {
        let base = try base()
        #expect(try TableChanges(from: base, to: base).updates.isEmpty)
    }

    @Test func newTableIsAskedForWhole() throws {
        let metadata = try TableMetadataTests.table()
        let body = try JSONValue(parsing: metadata.createRequest(name: "t", givesLocation: true))
        #expect(
            body.members?.map(\.name) == [
                "name", "location", "schema", "partition-spec", "write-order", "stage-create", "properties",
            ])
        #expect(body["location"]?.string == "file:///lake/t")
        #expect(body["schema"]?["fields"]?.elements?.count == 2)
        #expect(body["partition-spec"]?["fields"]?.elements?.first?["transform"]?.string == "hour")
        #expect(body["write-order"]?["order-id"]?.integer == 1)
        #expect(body["stage-create"]?.bool == false)
        #expect(body["properties"]?["k"]?.string == "v\n\"é")
        #expect(body["properties"]?["format-version"]?.string == "2")
        let placeless = try JSONValue(parsing: metadata.createRequest(name: "t", givesLocation: false))
        #expect(placeless["location"] == nil)
    }
}
