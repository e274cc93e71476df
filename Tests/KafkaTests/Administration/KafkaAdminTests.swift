import AWS
import Testing

@testable import Kafka

/// What needs no broker; against stubs and real brokers it is tested elsewhere.
@Suite struct KafkaAdminTests {
    /// Nobody listens on the port of nothing.
    private func admin(_ security: KafkaSettings.Security = .plaintext) throws -> KafkaAdmin {
        try KafkaAdmin(KafkaSettings(bootstrapServers: ["127.0.0.1:1"], security: security))
    }

    @Test func brokersThatAreDownAreNamed() throws {
        let admin = try admin()
        let error = #expect(throws: KafkaError.self) { try admin.describe("t", withinMs: 1_500) }
        #expect(error?.code == .brokersDown)
        #expect(error?.message.contains("127.0.0.1:1") == true)
        let second = #expect(throws: KafkaError.self) {
            try admin.create([TopicSpecification("t", partitions: 1)], withinMs: 500)
        }
        #expect(second?.code == .brokersDown || second?.code == .timedOut)
    }

    @Test(arguments: ["", "a\0b"])
    func namesThatNoTopicHasAreRefused(name: String) throws {
        let admin = try admin()
        let error = #expect(throws: KafkaError.self) { try admin.describe(name, withinMs: 0) }
        #expect(error?.code == .configuration)
    }

    @Test func numbersThatNoTopicHasAreRefused() throws {
        let admin = try admin()
        let none = #expect(throws: KafkaError.self) {
            try admin.create([TopicSpecification("t", partitions: 0)], withinMs: 0)
        }
        #expect(none?.code == .configuration)
        let grown = #expect(throws: KafkaError.self) { try admin.grow([(name: "t", partitions: 0)], withinMs: 0) }
        #expect(grown?.code == .configuration)
    }

    @Test func whyThereIsNoTokenIsTold() throws {
        final class None: CredentialsProvider, Sendable {
            func credentials() -> Credentials { Credentials(accessKeyID: "", secretAccessKey: "") }
        }
        let admin = try admin(.mskIAM(region: "eu-west-1", credentials: None()))
        var faults: [KafkaError] = []
        for _ in 0..<20 where faults.isEmpty {
            admin.client.poll(withinMs: 100)
            if let fault = admin.client.callbacks.connectionFault { faults.append(fault) }
        }
        #expect(faults.first?.code == .authenticationFailed)
        #expect(faults.first?.message.contains("the credentials for a token of MSK are empty") == true)
        #expect(faults.first?.message.contains("OAUTHBEARER") == true)
    }
}
