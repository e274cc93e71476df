internal import EventSources
internal import Iceberg

/// What the lake holds of the generated stream.
struct SensorLake {
    static let readingsTable = "iot_db.sensor_readings"
    static let deadLetterTable = "lake_db.dead_letters"

    /// The first record of the stream whose row the lake does not have.
    var nextRecord = 0
    /// The first record of the stream whose dead letter the lake does not have. A function that was ended between its
    /// two commits has written letters of records that it takes again.
    var nextDeadLetter = 0
    var rows: Int64 = 0
    var deadLetters: Int64 = 0

    /// Reads the lake; one that does not exist holds nothing.
    static func state(_ place: LakePlace) throws -> SensorLake {
        var state = SensorLake()
        guard place.exists else { return state }
        for table in try LakeInspector(place).tables() {
            switch "\(table.identifier)" {
            case readingsTable:
                state.rows = try table.rowCount()
                state.nextRecord = try next(in: table, of: GeneratedKinesisEvent.streamARN, place)
            case deadLetterTable:
                state.deadLetters = try table.rowCount()
                // The dead letters of each table that a stream fills are a source of their own.
                let source = "\(GeneratedKinesisEvent.streamARN)#\(readingsTable)"
                state.nextDeadLetter = try next(in: table, of: source, place)
            default: continue
            }
        }
        return state
    }

    /// The record of the demo's shard after the last that a table took.
    private static func next(in table: InspectedTable, of source: String, _ place: LakePlace) throws -> Int {
        let marks = try table.watermarks().first { $0.source == source }
        guard let last = marks?.shards[GeneratedKinesisEvent.shard]?.last else { return 0 }
        guard let offset = ShardSequenceNumber.offset(last.description) else {
            throw CommandFailure(
                "the lake \(place.name) has records of \(GeneratedKinesisEvent.streamARN) that this demo did not "
                    + "generate: use another lake, with --lake DIR")
        }
        return Int(offset) + 1
    }
}
