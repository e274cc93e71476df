internal import Iceberg

/// What the lake holds of the generated stream.
struct DemoLake {
    static let readingsTable = "iot_db.sensor_readings"
    static let deadLetterTable = "lake_db.dead_letters"

    /// The first record of the stream that the lake does not have.
    var nextRecord = 0
    var rows: Int64 = 0
    var deadLetters: Int64 = 0

    /// Reads the lake; one that does not exist holds nothing.
    static func state(_ place: LakePlace) throws -> DemoLake {
        var state = DemoLake()
        guard place.exists else { return state }
        for table in try LakeInspector(place).tables() {
            switch "\(table.identifier)" {
            case readingsTable:
                state.rows = try table.rowCount()
                let marks = try table.watermarks().first { $0.source == GeneratedKinesisEvent.streamARN }
                guard let last = marks?.shards[GeneratedKinesisEvent.shard]?.last else { continue }
                guard let index = ShardSequenceNumber.index(last.description) else {
                    throw CommandFailure(
                        "the lake \(place.folder) has records of \(GeneratedKinesisEvent.streamARN) that this demo did not "
                            + "generate: use another lake, with --lake DIR")
                }
                state.nextRecord = index + 1
            case deadLetterTable: state.deadLetters = try table.rowCount()
            default: continue
            }
        }
        return state
    }
}
