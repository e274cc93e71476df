/// What a reader of records counts beside the rows and the bad records.
struct ReaderCounts: Equatable {
    /// Members of records that no column has.
    var unknownFields = 0
    /// Records, or parts of them, that came after their window had been emitted, and were dropped.
    var late = 0
    /// Assets that were seen on a second partition: their windows are then emitted once for each.
    var sharedAssets = 0
}
