internal import ArgumentParser
internal import Lake
internal import Testing

@testable import swiftlake

/// A small lake: sensors in Kinesis with alerts, trades and quotes in Kafka, and schedules.
enum TwinSupport {
    /// - Parameters:
    ///   - shards: of the Kinesis stream.
    ///   - cluster: what the topics' streams name, with a comma behind; nothing for any cluster.
    ///   - schedules: their jobs.
    static func definition(shards: Int = 2, cluster: String = "", schedules: [String] = []) throws -> LakeDefinition {
        let schedules = schedules.map { #"{"name":"\#($0)","job":"\#($0)","schedule":"rate(1 minute)"}"# }
        let text = #"""
            {"databases":[{"name":"d"}],
            "tables":[
            {"name":"d.readings","columns":[
            {"name":"temperature","type":"int"},{"name":"cpu","type":"double"},{"name":"ram","type":"double"},
            {"name":"hd","type":"double"},{"name":"timestamp","type":"timestamp"},
            {"name":"timestamp_sent","type":"timestamp"},{"name":"id_device","type":"int"}]},
            {"name":"d.trades","columns":[
            {"name":"transaction_id","type":"long"},{"name":"document_id","type":"string"},
            {"name":"asset_id","type":"string"},{"name":"asset_type","type":"string"},
            {"name":"transaction_timestamp","type":"timestamp"},{"name":"quantity","type":"int"}]},
            {"name":"d.other","columns":[{"name":"a","type":"int"}]}],
            "streams":[
            {"name":"sensors","source":{"kind":"kinesis","name":"sensors-in","shards":\#(shards)},"table":"d.readings",
            "decoder":"json","onBadRecord":"drop"},
            {"name":"trades","source":{"kind":"kafka",\#(cluster)"topic":"trades","partitions":3},"table":"d.trades",
            "decoder":"json","onBadRecord":"drop"},
            {"name":"other","source":{"kind":"kafka",\#(cluster)"topic":"other","partitions":1},"table":"d.other",
            "decoder":"json","onBadRecord":"drop"}],
            "schedules":[\#(schedules.joined(separator: ","))]}
            """#
        return try LakeDefinition(parsing: Array(text.utf8))
    }

    static func options() throws -> TwinOptions { TwinOptions(mappings: try MappingArguments.parse([])) }
}
