internal import Foundation

/// A function of the lake, and the program that is it.
struct JobProgram {
    let name: String
    let path: String

    /// The functions by name, with what they do.
    static let jobs: [(name: String, purpose: String)] = [
        ("kinesis-ingest", "rows of Kinesis records into Iceberg tables"),
        ("bootstrap-tables", "databases, tables and views of lake.json, made and evolved"),
        ("bootstrap-topics", "Kafka topics of lake.json, made where they are missing"),
        ("kafka-ingest", "rows of Kafka records into Iceberg tables"),
        ("kafka-elastic", "highest prices of Kafka's quotes into an Elasticsearch index"),
        ("refresh-assets", "logos of assets from CoinAPI into an Iceberg table, in one commit"),
        ("detect-anomalies", "alerts about unusual and missing readings, into an Iceberg table and SNS"),
        ("optimize-tables", "compacts Iceberg tables and expires their snapshots, by Athena or here"),
        ("simulate-trades", "trades of a made-up market into a Kafka topic, a minute at a time"),
        ("simulate-sensors", "readings of made-up sensors into a Kinesis stream, a minute at a time"),
        ("edge-gateway", "readings of devices over HTTP into a Kinesis stream"),
        ("poll-quotes", "Alpaca's latest bars into a Kafka topic, every few seconds of a minute"),
    ]

    /// The functions for people, one a line.
    static var list: String { jobs.map { "  \($0.name)  \($0.purpose)" }.joined(separator: "\n") }

    /// Whether there is a function of this name.
    static func isKnown(_ name: String) -> Bool { jobs.contains { $0.name == name } }

    /// What to say of a name that no function has.
    static func unknown(_ name: String) -> String {
        "there is no function \"\(name)\". The functions are:\n\(list)"
    }

    /// Finds the program of a function.
    /// - Parameters:
    ///   - binary: its path, where it does not lie beside this program; then any name goes.
    ///   - folder: where this program lies.
    init(_ name: String, binary: String?, folder: String) throws(CommandFailure) {
        self.name = name
        guard binary != nil || Self.isKnown(name) else { throw CommandFailure(Self.unknown(name)) }
        path = binary ?? "\(folder)/\(name)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw CommandFailure(
                "\(path) is not a program. Build it with `swift build --product \(name)`, or name it with --binary PATH"
            )
        }
    }

    /// The environment that Lambda would give the function, around the lake's own variables.
    func environment(_ place: LakePlace, inherited: [String: String]) throws -> [String: String] {
        var environment = inherited
        environment["AWS_LAMBDA_FUNCTION_NAME"] = name
        environment["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST"
        environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] ?? "1769"
        environment["AWS_LAMBDA_LOG_FORMAT"] = environment["AWS_LAMBDA_LOG_FORMAT"] ?? "JSON"
        environment["AWS_REGION"] = environment["AWS_REGION"] ?? GeneratedKinesisEvent.region
        environment.merge(try place.credentialsEnvironment()) { $1 }
        return environment.merging(place.functionEnvironment) { $1 }
    }
}
