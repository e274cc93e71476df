/// The stream that readings go to, and what they must be.
struct GatewayTarget {
    /// The stream's name in the definition.
    let name: String
    /// Name or ARN of the Kinesis stream.
    let stream: String
    /// Name of the Kinesis stream.
    let streamName: String
    /// The table that its records fill.
    let table: TableDefinition
    /// How readings become rows of it.
    let columns: [ColumnDecoding]
    /// Which of the columns names the device.
    let devicePlace: Int

    /// The stream of this name, or without a name the only one that takes readings.
    /// - Throws: ``JobError/Gateway/notDefined``.
    init(_ name: String?, of definition: LakeDefinition) throws {
        let streams = definition.streams.filter { $0.gateway != nil }
        func refuse(_ message: String) -> JobError {
            let known = streams.map { "\"\($0.name)\"" }.joined(separator: ", ")
            return JobError(.gateway(.notDefined), "\(message)\(known.isEmpty ? "" : "; those that do: \(known)")")
        }
        guard name != nil || streams.count < 2 else {
            throw refuse("several streams of lake.json take readings of devices: name one in EDGE_STREAM")
        }
        guard let stream = name == nil ? streams.first : streams.first(where: { $0.name == name }) else {
            throw refuse(
                name == nil
                    ? "no stream of lake.json takes readings of devices: say in \"gateway\" which does"
                    : "EDGE_STREAM names no stream of lake.json that takes readings of devices")
        }
        guard let gateway = stream.gateway, let table = definition.table(stream.table) else {
            throw refuse("the stream \"\(stream.name)\" has no table")
        }
        self.name = stream.name
        switch stream.source {
        case .kinesisName(let name): (self.stream, streamName) = (name, name)
        case .kinesisARN(let arn):
            self.stream = arn
            streamName = arn.split(separator: "/").last.map(String.init) ?? arn
        case .kafka: throw refuse("the stream \"\(stream.name)\" is none of Kinesis")
        }
        self.table = table
        columns = try table.columnDecodings(for: table.icebergSchema())
        guard let place = columns.firstIndex(where: { $0.field.name == gateway.device }) else {
            throw refuse("the table \(table.identifier) has no column \"\(gateway.device)\"")
        }
        devicePlace = place
    }
}
