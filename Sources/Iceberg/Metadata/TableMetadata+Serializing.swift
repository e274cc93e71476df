internal import JSON

extension TableMetadata {
    /// The metadata file's text, format version 2; the same metadata always gives the same bytes.
    public func serialized() -> [UInt8] { serialized(capacity: 0) { $0.write(to: &$1) } }

    /// The metadata file's text, with the snapshots' own texts where they are known already.
    func serialized(_ texts: inout SnapshotTexts) -> [UInt8] {
        let all = snapshots.map { texts.text(of: $0) }
        var next = 0
        return serialized(capacity: all.reduce(1 << 16) { $0 + $1.count }) { _, writer in
            writer.raw(all[next])
            next += 1
        }
    }

    private func serialized(capacity: Int, _ write: (Snapshot, inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.reserveCapacity(capacity)
        writer.object { writer in
            writer.member("format-version", 2)
            writer.member("table-uuid", tableUUID)
            writer.member("location", location)
            writer.member("last-sequence-number", lastSequenceNumber)
            writer.member("last-updated-ms", lastUpdatedMs)
            writer.member("last-column-id", lastColumnID)
            writer.member("current-schema-id", currentSchemaID)
            writer.member("schemas") { writer in writer.array { for schema in schemas { schema.write(to: &$0) } } }
            writer.member("default-spec-id", defaultSpecID)
            writer.member("partition-specs") { writer in
                writer.array { for spec in partitionSpecs { spec.write(to: &$0) } }
            }
            writer.member("last-partition-id", lastPartitionID)
            writer.member("default-sort-order-id", defaultSortOrderID)
            writer.member("sort-orders") { writer in
                writer.array { for order in sortOrders { order.write(to: &$0) } }
            }
            writer.member("properties") { writer in writer.object { $0.members(properties) } }
            // -1 stands for none: readers on older Java libraries, Athena's among them, refuse a file without the member.
            writer.member("current-snapshot-id", currentSnapshotID ?? -1)
            writeHistory(to: &writer, write)
            for member in unknownMembers { writer.member(member.name, member.value) }
        }
        return writer.bytes
    }

    private func writeHistory(to writer: inout JSONWriter, _ write: (Snapshot, inout JSONWriter) -> Void) {
        writer.member("refs") { writer in
            writer.object { writer in
                for (name, reference) in refs.sorted(by: { $0.key < $1.key }) {
                    writer.member(name) { reference.write(to: &$0) }
                }
            }
        }
        writer.member("snapshots") { writer in
            writer.array { for snapshot in snapshots { write(snapshot, &$0) } }
        }
        writer.member("snapshot-log") { writer in
            writer.array { writer in
                for entry in snapshotLog {
                    writer.object { writer in
                        writer.member("timestamp-ms", entry.timestampMs)
                        writer.member("snapshot-id", entry.snapshotID)
                    }
                }
            }
        }
        writer.member("metadata-log") { writer in
            writer.array { writer in
                for entry in metadataLog {
                    writer.object { writer in
                        writer.member("timestamp-ms", entry.timestampMs)
                        writer.member("metadata-file", entry.metadataFile)
                    }
                }
            }
        }
    }
}
