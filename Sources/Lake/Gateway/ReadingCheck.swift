internal import Columnar
internal import Iceberg
internal import JSON
internal import LambdaRuntime

/// Tells which readings become rows: by the very readers that kinesis-ingest has, so that none that is taken becomes a
/// dead letter there. It needs no catalog: a reading must fit the definition.
struct ReadingCheck: ~Copyable {
    private var reader: PlainReader
    private let batch: RecordBatch
    private let device: ByteView
    private let deviceText: String
    private let deviceColumn: Column
    private let deviceField: String
    private let stream: ByteView
    private let nowMs: Int64

    /// - Parameter device: the one that sends.
    init(_ target: GatewayTarget, device: String, nowMs: Int64) {
        let partition = target.table.format == .parquet ? target.table.partition.map(\.column) : []
        reader = PlainReader(target.columns, partition: partition, origins: RowOrigins())
        batch = RecordBatch(target.columns.map(\.field), capacity: 64)
        deviceColumn = batch.columns[target.devicePlace]
        deviceField = target.columns[target.devicePlace].field.name
        deviceText = device
        self.device = ByteView(copying: Array(device.utf8))
        stream = ByteView(copying: Array(target.streamName.utf8))
        self.nowMs = nowMs
    }

    /// Why a reading is not taken; nil for a good one of the device.
    mutating func fault(of reading: [UInt8], at index: Int) -> RejectedReading? {
        guard reading.count + device.count <= GatewayLimits.recordBytes else {
            return RejectedReading(index: index, reason: RecordError.Code.tooLarge.rawValue, field: nil)
        }
        // A record of Kinesis may begin with a schema registry's frame, but no text of JSON does.
        guard let first = reading.first, first > 3 else {
            return RejectedReading(index: index, reason: RecordError.Code.badJSON.rawValue, field: nil)
        }
        defer { batch.truncate(to: 0) }
        let payload = Base64View(copying: Base64.encode(reading))
        let record = ReadingRecord(device: device, stream: stream, timestampMs: nowMs, payload: payload)
        do throws(RecordError) {
            try reader.read(record, payload: payload, of: "", into: batch)
        } catch {
            return RejectedReading(index: index, reason: error.code.rawValue, field: error.field)
        }
        guard batch.count > 0, !deviceColumn.isNull(0) else {
            return RejectedReading(index: index, reason: RecordError.Code.missingField.rawValue, field: deviceField)
        }
        guard isOfDevice else {
            return RejectedReading(index: index, reason: RejectedReading.foreignDevice, field: deviceField)
        }
        return nil
    }

    /// Whether the row that was made is the device's: a number's one spelling, or the text byte by byte.
    private var isOfDevice: Bool {
        switch deviceColumn.type {
        case .int: String(deviceColumn.value(0, as: Int32.self)) == deviceText
        case .long: String(deviceColumn.value(0, as: Int64.self)) == deviceText
        default: deviceColumn.withBytes(0) { $0.elementsEqual(deviceText.utf8) }
        }
    }
}
