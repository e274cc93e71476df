internal import AWS
internal import HTTPTransport
internal import Kafka
internal import Lake
internal import LambdaRuntime
internal import Producers
internal import Simulation

/// Where `simulate` puts its records.
enum SimulationTarget {
    /// The target that the options name; standard output without any.
    static func target(
        _ environment: [String: String], kafka: String?, topic: String, kinesis: String?
    ) throws -> any RecordTarget {
        if let kafka { return try self.topic(topic, kafka, environment) }
        if let kinesis { return try stream(kinesis, environment) }
        return LinesTarget()
    }

    /// A topic, reached as a job's variables say.
    private static func topic(
        _ topic: String, _ brokers: String, _ environment: [String: String]
    ) throws -> TopicTarget {
        var environment = environment
        environment["KAFKA_BOOTSTRAP_SERVERS"] = brokers
        let configuration = try KafkaConfiguration(environment)
        switch configuration.security {
        case .plaintext, .tls:
            let settings = KafkaSettings(
                bootstrapServers: configuration.bootstrapServers,
                security: configuration.security == .tls ? .tls : .plaintext,
                certificateBundle: configuration.certificateBundle)
            // It is opened without any service.
            return TopicTarget(
                topic, RecordDelivery(.system) { try KafkaProducer(settings) }, deadline: RequestDeadline())
        case .scramSHA256, .scramSHA512, .mskIAM:
            // A secret, or credentials, come from services.
            let place = try LakePlace.ofProcess(LakeOptions.parse([]))
            let definition = try place.definition()
            let access = try access(environment)
            let services = LakeServices(
                definition, client: access.client, credentials: access.credentials, deadline: access.deadline)
            return TopicTarget(
                topic, RecordDelivery(.system) { try KafkaProducer(try configuration.settings(services)) },
                deadline: access.deadline)
        }
    }

    private static func stream(_ stream: String, _ environment: [String: String]) throws -> StreamTarget {
        let access = try access(environment)
        guard access.client.configuration.region != nil else {
            throw CommandFailure("--kinesis needs a region: set AWS_REGION, for example to eu-west-1")
        }
        return StreamTarget(stream, client: access.client, deadline: access.deadline)
    }

    /// Services as the SDKs reach them, profiles included.
    private static func access(
        _ environment: [String: String]
    ) throws -> (client: ServiceClient, credentials: CredentialsChain, deadline: RequestDeadline) {
        var configuration = try AWSConfiguration(environment: environment)
        let profiles = try AWSProfiles(configuration)
        configuration.region = configuration.region ?? profiles.region
        let deadline = RequestDeadline()
        let credentials = CredentialsChain(configuration, deadline: deadline, profiles: profiles)
        let client = ServiceClient(
            configuration, credentials: credentials,
            transport: HTTPTransport(HTTPConfiguration(), deadline: deadline))
        return (client, credentials, deadline)
    }
}

/// Standard output, one record a line.
final class LinesTarget: RecordTarget {
    let name = "standard output"

    func put(_ records: [SimulatedRecord], beforeMs: Int64) -> PutReport {
        var text: [UInt8] = []
        for record in records {
            text += record.value
            text.append(UInt8(ascii: "\n"))
        }
        Console.write(String(decoding: text, as: UTF8.self))
        return PutReport(put: records.count)
    }
}
