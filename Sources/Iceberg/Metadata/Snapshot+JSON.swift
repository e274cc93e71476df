internal import JSON

extension Snapshot {
    init(reading reader: inout JSONReader) throws(IcebergError) {
        var snapshotID: Int64?
        var timestampMs: Int64?
        var manifestList: String?
        var snapshot = Snapshot(
            snapshotID: 0, parentSnapshotID: nil, sequenceNumber: 0, timestampMs: 0, manifestList: "",
            summary: Summary(operation: ""), schemaID: nil)
        try reader.beginObject("snapshot")
        while let key = try reader.nextKey("snapshot") {
            if reader.equals(key, "snapshot-id") {
                snapshotID = try reader.whole("snapshot-id")
            } else if reader.equals(key, "parent-snapshot-id") {
                guard try !reader.isNull("parent-snapshot-id") else { continue }
                let parent: Int64 = try reader.whole("parent-snapshot-id")
                snapshot.parentSnapshotID = parent == -1 ? nil : parent
            } else if reader.equals(key, "sequence-number") {
                snapshot.sequenceNumber = try reader.whole("sequence-number")
            } else if reader.equals(key, "timestamp-ms") {
                timestampMs = try reader.whole("timestamp-ms")
            } else if reader.equals(key, "manifest-list") {
                manifestList = try reader.text("manifest-list")
            } else if reader.equals(key, "manifests") {
                throw IcebergError(.unsupported, "a snapshot that lists its manifests without a manifest list")
            } else if reader.equals(key, "summary") {
                guard try !reader.isNull("summary") else { continue }
                snapshot.summary = try Summary(reading: &reader)
            } else if reader.equals(key, "schema-id") {
                snapshot.schemaID = try reader.isNull("schema-id") ? nil : try reader.whole("schema-id")
            } else {
                let name = try reader.keyText(key, in: "snapshot")
                snapshot.unknownMembers.append(Member(name: name, value: try reader.tree(name)))
            }
        }
        guard let snapshotID else { throw .missing("snapshot-id", in: "snapshot") }
        guard let timestampMs else { throw .missing("timestamp-ms", in: "snapshot") }
        guard let manifestList else { throw .missing("manifest-list", in: "snapshot") }
        snapshot.snapshotID = snapshotID
        snapshot.timestampMs = timestampMs
        snapshot.manifestList = manifestList
        self = snapshot
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("sequence-number", sequenceNumber)
            writer.member("snapshot-id", snapshotID)
            if let parentSnapshotID { writer.member("parent-snapshot-id", parentSnapshotID) }
            writer.member("timestamp-ms", timestampMs)
            writer.member("summary") { summary.write(to: &$0) }
            writer.member("manifest-list", manifestList)
            if let schemaID { writer.member("schema-id", schemaID) }
            for member in unknownMembers { writer.member(member.name, member.value) }
        }
    }
}

extension Snapshot.Summary {
    fileprivate init(reading reader: inout JSONReader) throws(IcebergError) {
        var operation = ""
        var properties: [String: String] = Dictionary(minimumCapacity: 16)
        try reader.beginObject("summary")
        while let key = try reader.nextKey("summary") {
            if reader.equals(key, "operation") {
                operation = try reader.text("operation")
            } else {
                let name = try reader.keyText(key, in: "summary")
                properties[name] = try reader.text("summary")
            }
        }
        self.init(operation: operation, properties: properties)
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if !operation.isEmpty { writer.member("operation", operation) }
            writer.members(properties)
        }
    }
}

extension SnapshotReference {
    init(reading reader: inout JSONReader) throws(IcebergError) {
        var snapshotID: Int64?
        var kind: Kind?
        var reference = SnapshotReference(snapshotID: 0, kind: .branch)
        try reader.beginObject("reference")
        while let key = try reader.nextKey("reference") {
            if reader.equals(key, "snapshot-id") {
                snapshotID = try reader.whole("snapshot-id")
            } else if reader.equals(key, "type") {
                kind = Kind(rawValue: try reader.text("type").lowercased())
            } else if try reader.isNull("reference") {
                continue
            } else if reader.equals(key, "min-snapshots-to-keep") {
                reference.minSnapshotsToKeep = try reader.whole("min-snapshots-to-keep")
            } else if reader.equals(key, "max-snapshot-age-ms") {
                reference.maxSnapshotAgeMs = try reader.whole("max-snapshot-age-ms")
            } else if reader.equals(key, "max-ref-age-ms") {
                reference.maxRefAgeMs = try reader.whole("max-ref-age-ms")
            } else {
                try reader.skip("reference")
            }
        }
        guard let snapshotID else { throw .missing("snapshot-id", in: "reference") }
        guard let kind else { throw IcebergError(.malformed, "the type of a reference is neither branch nor tag") }
        reference.snapshotID = snapshotID
        reference.kind = kind
        self = reference
    }

    func write(to writer: inout JSONWriter) { writer.object { writeMembers(to: &$0) } }

    /// The members alone, as an update of a REST catalog holds them.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("snapshot-id", snapshotID)
        writer.member("type", kind.rawValue)
        if let minSnapshotsToKeep { writer.member("min-snapshots-to-keep", minSnapshotsToKeep) }
        if let maxSnapshotAgeMs { writer.member("max-snapshot-age-ms", maxSnapshotAgeMs) }
        if let maxRefAgeMs { writer.member("max-ref-age-ms", maxRefAgeMs) }
    }
}

extension JSONWriter {
    /// String members, sorted by name, so that the same metadata is the same text.
    mutating func members(_ strings: [String: String]) {
        for (name, value) in strings.sorted(by: { $0.key < $1.key }) { member(name, value) }
    }
}
