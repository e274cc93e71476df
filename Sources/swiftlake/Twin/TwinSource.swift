internal import Calendar
internal import Iceberg
internal import Lake

/// A Kinesis stream or a Kafka topic of the lake, as a local twin runs it.
struct TwinSource: Equatable {
    /// Where its records lie.
    enum Place: Equatable {
        /// In logs on this machine.
        case local
        /// In a cluster.
        case kafka(brokers: [String])
        /// In the service.
        case kinesis
    }

    /// What lake.json says of it.
    let stream: StreamDefinition
    /// Where its records lie.
    let place: Place
    /// The stream's or topic's own name.
    let name: String
    /// The stream's or cluster's ARN, as events name it; nil for a cluster without one.
    let arn: String?
    /// Where the cluster is reached, as events name it.
    let bootstrapServers: [String]

    /// What tables store its offsets under.
    var identity: String { arn ?? bootstrapServers.sorted().joined(separator: ",") }

    /// What the service is asked for: the ARN where lake.json has it, and else the name.
    var reference: String { if case .kinesisARN(let arn) = stream.source { arn } else { name } }

    /// Shards of a stream on this machine, or partitions of a topic.
    var shards: [String] {
        stream.isOfKafka
            ? (0..<max(1, Int(stream.topic.partitions))).map { "\(name)-\($0)" }
            : (0..<max(1, stream.shards)).map { "shardId-" + CivilDate.padded(Int64($0), 12) }
    }

    /// What the streams of this machine are of: no account has this number.
    private static let account = "000000000000"
    static let localClusterARN = "arn:aws:kafka:local:\(account):cluster/twin/00000000-0000-0000-0000-000000000000-1"

    /// The sources of a lake.
    /// - Parameters:
    ///   - brokers: the cluster that topics lie in; nil for this machine.
    ///   - kinesisARN: what the ARN of a stream is that lies in the service; nil for this machine.
    static func all(
        of definition: LakeDefinition, brokers: [String]?, kinesisARN: ((String) -> String)?
    ) -> (sources: [TwinSource], left: [(stream: String, reason: String)]) {
        var sources: [TwinSource] = []
        var left: [(String, String)] = []
        for stream in definition.streams {
            switch stream.source {
            case .kinesisName(let name):
                let arn = kinesisARN?(name) ?? "arn:aws:kinesis:local:\(account):stream/\(name)"
                if definition.stream(kinesisARN: arn) != stream {
                    left.append((stream.name, "its records belong to another stream of lake.json"))
                } else {
                    sources.append(kinesis(stream, name, arn, kinesisARN != nil))
                }
            case .kinesisARN(let arn):
                let name = arn.split(separator: "/").last.map(String.init) ?? arn
                sources.append(kinesis(stream, name, arn, kinesisARN != nil))
            case .kafka(let topic, let cluster):
                if let brokers {
                    let found = definition.stream(kafkaTopic: topic, clusterARN: nil, bootstrapServers: brokers)
                    if found != stream {
                        left.append((stream.name, "it is of another cluster than \(brokers.joined(separator: ","))"))
                    } else {
                        // The definition's own word for the cluster is what the tables know it by.
                        sources.append(
                            TwinSource(
                                stream: stream, place: .kafka(brokers: brokers), name: topic, arn: nil,
                                bootstrapServers: cluster.map { [$0] } ?? brokers))
                    }
                } else {
                    let isARN = cluster?.hasPrefix("arn:") ?? true
                    sources.append(
                        TwinSource(
                            stream: stream, place: .local, name: topic, arn: isARN ? cluster ?? localClusterARN : nil,
                            bootstrapServers: isARN ? ["twin.local:9098"] : cluster.map { [$0] } ?? []))
                }
            }
        }
        return (sources, left)
    }

    private static func kinesis(
        _ stream: StreamDefinition, _ name: String, _ arn: String, _ isOfService: Bool
    ) -> TwinSource {
        TwinSource(
            stream: stream, place: isOfService ? .kinesis : .local, name: name, arn: arn, bootstrapServers: [])
    }
}
