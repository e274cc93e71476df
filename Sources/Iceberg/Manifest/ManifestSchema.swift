internal import JSON

/// The Avro schemas that manifests and manifest lists of format version 2 are written with ("Manifests", "Manifest
/// Lists", "Appendix A: Avro").
enum ManifestSchema {
    /// A field of a record: its name, id, type, and whether it may be null.
    private struct Member {
        let name: String
        let id: Int
        let type: (inout JSONWriter) -> Void
        let isOptional: Bool
    }

    private static func required(_ name: String, _ id: Int, _ type: String) -> Member {
        Member(name: name, id: id, type: { $0.string(type) }, isOptional: false)
    }

    private static func optional(_ name: String, _ id: Int, _ type: String) -> Member {
        Member(name: name, id: id, type: { $0.string(type) }, isOptional: true)
    }

    private static func optional(_ name: String, _ id: Int, type: @escaping (inout JSONWriter) -> Void) -> Member {
        Member(name: name, id: id, type: type, isOptional: true)
    }

    // MARK: - Files

    /// One record a manifest.
    static let manifestFile: [UInt8] = {
        var writer = JSONWriter()
        record("manifest_file", manifestFileMembers, to: &writer)
        return writer.bytes
    }()

    private static var manifestFileMembers: [Member] {
        [
            required("manifest_path", 500, "string"), required("manifest_length", 501, "long"),
            required("partition_spec_id", 502, "int"), required("content", 517, "int"),
            required("sequence_number", 515, "long"), required("min_sequence_number", 516, "long"),
            required("added_snapshot_id", 503, "long"), required("added_files_count", 504, "int"),
            required("existing_files_count", 505, "int"), required("deleted_files_count", 506, "int"),
            required("added_rows_count", 512, "long"), required("existing_rows_count", 513, "long"),
            required("deleted_rows_count", 514, "long"),
            optional("partitions", 507) { writer in
                array(elementID: 508, to: &writer) { writer in
                    let summary = [
                        required("contains_null", 509, "boolean"), optional("contains_nan", 518, "boolean"),
                        optional("lower_bound", 510, "bytes"), optional("upper_bound", 511, "bytes"),
                    ]
                    record("r508", summary, to: &writer)
                }
            },
            optional("key_metadata", 519, "bytes"),
        ]
    }

    /// One record an entry, with the partition tuple of a spec.
    static func manifestEntry(_ partition: PartitionRecord, isDeletes: Bool) -> [UInt8] {
        var writer = JSONWriter()
        let file = Member(
            name: "data_file", id: 2, type: { record("r2", dataFileMembers(partition, isDeletes), to: &$0) },
            isOptional: false)
        let members = [
            required("status", 0, "int"), optional("snapshot_id", 1, "long"), optional("sequence_number", 3, "long"),
            optional("file_sequence_number", 4, "long"), file,
        ]
        record("manifest_entry", members, to: &writer)
        return writer.bytes
    }

    private static func dataFileMembers(_ partition: PartitionRecord, _ isDeletes: Bool) -> [Member] {
        var members = [
            required("content", 134, "int"), required("file_path", 100, "string"),
            required("file_format", 101, "string"),
            Member(name: "partition", id: 102, type: { partition.writeSchema(to: &$0) }, isOptional: false),
            required("record_count", 103, "long"), required("file_size_in_bytes", 104, "long"),
            map("column_sizes", 108, key: 117, value: 118, "long"),
            map("value_counts", 109, key: 119, value: 120, "long"),
            map("null_value_counts", 110, key: 121, value: 122, "long"),
            map("nan_value_counts", 137, key: 138, value: 139, "long"),
            map("lower_bounds", 125, key: 126, value: 127, "bytes"),
            map("upper_bounds", 128, key: 129, value: 130, "bytes"), optional("key_metadata", 131, "bytes"),
            optional("split_offsets", 132) { array(elementID: 133, to: &$0) { $0.string("long") } },
            optional("equality_ids", 135) { array(elementID: 136, to: &$0) { $0.string("int") } },
            optional("sort_order_id", 140, "int"),
        ]
        if isDeletes { members.append(optional("referenced_data_file", 143, "string")) }
        return members
    }

    // MARK: - Types

    private static func record(_ name: String, _ members: [Member], to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "record")
            writer.member("name", name)
            writer.member("fields") { writer in
                writer.array { writer in
                    for member in members {
                        field(member.name, member.id, isOptional: member.isOptional, to: &writer, member.type)
                    }
                }
            }
        }
    }

    /// One field of a record. `icebergName` is given where the name had to be changed for Avro.
    static func field(
        _ name: String, _ id: Int, isOptional: Bool, icebergName: String? = nil, to writer: inout JSONWriter,
        _ type: (inout JSONWriter) -> Void
    ) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("type") { writer in
                guard isOptional else { return type(&writer) }
                writer.array { writer in
                    writer.string("null")
                    type(&writer)
                }
            }
            if isOptional { writer.member("default") { $0.null() } }
            writer.member("field-id", id)
            if let icebergName { writer.member("iceberg-field-name", icebergName) }
        }
    }

    private static func array(
        elementID: Int, to writer: inout JSONWriter, _ items: (inout JSONWriter) -> Void
    ) {
        writer.object { writer in
            writer.member("type", "array")
            writer.member("items", items)
            writer.member("element-id", elementID)
        }
    }

    /// A map with int keys: an array of records, since Avro's own maps have string keys.
    private static func map(_ name: String, _ id: Int, key: Int, value: Int, _ type: String) -> Member {
        optional(name, id) { writer in
            writer.object { writer in
                writer.member("type", "array")
                writer.member("items") { writer in
                    record(
                        "k\(key)_v\(value)", [required("key", key, "int"), required("value", value, type)], to: &writer)
                }
                writer.member("logicalType", "map")
            }
        }
    }
}
