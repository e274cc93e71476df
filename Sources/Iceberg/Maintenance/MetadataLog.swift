extension TableMetadata {
    /// Adds the version before this one to the log, and drops what is beyond the log's length.
    /// - Returns: the dropped files that are to be deleted; a file was superseded when the next one was written.
    mutating func log(
        previous location: String, writtenMs: Int64, _ nowMs: Int64, _ settings: CommitSettings
    ) -> [SupersededFiles.File] {
        metadataLog.append(MetadataLogEntry(timestampMs: writtenMs, metadataFile: location))
        let excess = metadataLog.count - settings.previousMetadataMaximum
        guard excess > 0 else { return [] }
        let dropped = (0..<excess).map { index in
            let next = index + 1 < metadataLog.count ? metadataLog[index + 1].timestampMs : nowMs
            return SupersededFiles.File(location: metadataLog[index].metadataFile, sinceMs: next)
        }
        metadataLog.removeFirst(excess)
        return settings.deletesMetadata ? dropped : []
    }
}
