extension JobError {
    /// Why an event could not be taken, or not whole.
    public enum Ingest: String, Sendable {
        /// No stream of the definition matches the event's.
        case unknownStream = "UnknownStream"
        /// The event does not say which cluster it is from.
        case unknownSource = "UnknownSource"
        /// The definition asks for what this function cannot do.
        case unsupported = "Unsupported"
        /// The stream was deleted and made again, so stored offsets mean nothing for it.
        case recreatedStream = "RecreatedStream"
        /// Records are left that must come again.
        case uncommitted = "Uncommitted"
    }

    /// What a report leaves to be sent again; nil if it leaves nothing.
    init?(remainderOf report: IngestReport) {
        guard !report.firstUncommitted.isEmpty else { return nil }
        let why =
            switch report.reason {
            case .deadline: "the deadline is near"
            case .badRecord(let error): "a record is bad and the definition says fail: \(error)"
            case .fault(let error): "\(error)"
            case nil: "they were not reached"
            }
        let places = report.firstUncommitted.map { "\($0)" }.joined(separator: ", ")
        self.init(.ingest(.uncommitted), "records are not committed and must come again: \(places) (\(why))")
    }
}
