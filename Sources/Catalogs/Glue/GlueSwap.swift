internal import AWS
internal import Iceberg
internal import JSON

/// The swap of a table's pointer in Glue, without its requests: what to do on GetTable's answer, and what UpdateTable's
/// error means.
struct GlueSwap {
    /// The table.
    let table: TableIdentifier
    /// The version that must still be current.
    let base: TableVersion
    /// The version to become current.
    let proposed: TableVersion

    /// What follows from what Glue says of the table.
    enum Action {
        /// Send this `TableInput`, for this version of the table alone.
        case update(JSONValue, versionID: String)
        /// Nothing is to be sent.
        case finish(SwapOutcome)
    }

    /// Decides on the table as Glue has it.
    func action(on current: GlueTable) -> Action {
        let location: String
        do {
            location = try Self.metadataLocation(of: current)
        } catch {
            return .finish(.failed(error.at("\(table)")))
        }
        if location == proposed.location { return .finish(.done) }
        guard location == base.location else { return .finish(.conflict) }
        guard let versionID = current.versionID, !versionID.isEmpty else {
            return .finish(
                .failed(
                    IcebergError(
                        .unsupported,
                        "Glue gave no VersionId, without which a commit could overwrite another writer's",
                        at: "\(table)")))
        }
        return .update(GlueTableInput.update(current, from: base, to: proposed), versionID: versionID)
    }

    /// What an error of UpdateTable means for the commit. An attempt that may have acted leaves it open whatever the
    /// last one said: a conflict, for instance, could be with ourselves.
    static func outcome(of error: ServiceError, _ mapped: IcebergError) -> SwapOutcome {
        if mayHaveActed(error) { return .unknown(mapped) }
        return error.code == concurrentModification ? .conflict : .failed(mapped)
    }

    /// Whether a call that changes something may have done so. Glue gives up on some calls in the middle, and says so
    /// with the status of a refusal.
    static func mayHaveActed(_ error: ServiceError) -> Bool {
        error.mayHaveActed || (error.status ?? 0) >= 500 || error.code == "OperationTimeoutException"
    }

    /// Glue's word for a version id that is no longer the current one.
    static let concurrentModification = "ConcurrentModificationException"

    /// The current metadata file of a table.
    /// - Throws: ``IcebergError/Code/unsupported`` if it is no Iceberg table; ``IcebergError/Code/malformed`` if it is
    ///   one without a metadata file.
    static func metadataLocation(of table: GlueTable) throws(IcebergError) -> String {
        if table.type == "VIRTUAL_VIEW" { throw IcebergError(.unsupported, "this is a view, not a table, in Glue") }
        guard isIceberg(table) else {
            let type = table.parameter(GlueTableInput.tableType) ?? ""
            throw IcebergError(
                .unsupported,
                "Glue has a table of this name that is not an Iceberg table "
                    + "(table_type is \(type.isEmpty ? "not set" : type)): choose another name, or drop that table")
        }
        guard let location = table.parameter(GlueTableInput.metadataLocation), !location.isEmpty else {
            throw IcebergError(
                .malformed,
                "the table's parameter metadata_location is missing in Glue: set it to the newest metadata file")
        }
        return location
    }

    /// Whether a table says that it is of Iceberg.
    static func isIceberg(_ table: GlueTable) -> Bool {
        table.parameter(GlueTableInput.tableType)?.uppercased() == GlueTableInput.iceberg
    }
}
