internal import Iceberg

extension DefinitionDraft {
    /// Complains about streams that share a source, and about tables that their records cannot fill.
    func checkStreams() {
        for (index, stream) in streams.enumerated() {
            if let source = stream.source, let other = streams[..<index].first(where: { $0.source == source }) {
                problems.add("\(stream.path).source", "is the source of the stream \"\(other.name)\" already")
            }
            guard let name = stream.table, let table = known(name, at: "\(stream.path).table") else { continue }
            if name == deadLetterTable { problems.add("\(stream.path).table", "is the table of dead letters") }
            if let source = stream.source {
                if source.isKinesis {
                    checkKinesis(stream, table)
                    checkGateway(of: stream, table)
                    checkAlerts(of: stream, table)
                    checkNames(of: stream, source, table, before: streams[..<index])
                } else {
                    refusePlain(table, "\(stream.path).table", "records of Kafka")
                }
            }
            if stream.decoder == .bars, !streams[..<index].contains(where: { $0.decoder == .bars && $0.table == name })
            {
                check(table, has: QuoteTable.columns, for: "bars")
            }
        }
    }

    /// Complains about a second stream of one name, of another account or region, that fills a table of plain Parquet
    /// files: the files have the stream's name, and those of one would pass for holding the other's records.
    private func checkNames(
        of stream: StreamDraft, _ source: StreamDefinition.Source, _ table: TableDraft, before: ArraySlice<StreamDraft>
    ) {
        guard table.format == .parquet,
            let other = before.first(where: {
                $0.table == stream.table && $0.source?.kinesisName == source.kinesisName
            })
        else { return }
        problems.add(
            "\(stream.path).table",
            "the stream \"\(other.name)\" fills this table of format parquet from a stream of the same name: their files "
                + "would pass for each other's")
    }

    /// Complains about columns that are to be filled from what a Kinesis record has not.
    private func checkKinesis(_ stream: StreamDraft, _ table: TableDraft) {
        for column in table.columns {
            guard let problem = column.source?.problemWithKinesis(column.type) else { continue }
            problems.add(
                "\(stream.path).table", "the column \"\(column.name)\" cannot be filled from this stream: \(problem)")
        }
    }
}

extension StreamDefinition.Source {
    /// The Kinesis stream's name, which its ARN ends with; nil of Kafka.
    fileprivate var kinesisName: Substring? {
        switch self {
        case .kinesisName(let name): name[...]
        case .kinesisARN(let arn): arn.split(separator: "/").last
        case .kafka: nil
        }
    }
}
