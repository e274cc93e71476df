import AWS
import CRdkafka
import Testing

@testable import Kafka

@Suite struct KafkaConfigurationTests {
    @Test(arguments: [[], [""], ["127.0.0.1:1", ""]]) func brokersMustBeNamed(_ servers: [String]) {
        let error = #expect(throws: KafkaError.self) { try KafkaProducer(KafkaSettings(bootstrapServers: servers)) }
        #expect(error?.code == .configuration)
    }

    @Test func aSettingThatIsNotOneIsNamedWithoutItsValue() throws {
        let configuration = try KafkaConfigurationHandle(KafkaSettings(bootstrapServers: ["127.0.0.1:1"]), log: nil)
        for (name, value) in [("no.such.setting", "v4lue"), ("acks", "v4lue"), ("client.id", "v4lue\0")] {
            let error = #expect(throws: KafkaError.self) { try configuration.set(name, value) }
            #expect(error?.code == .configuration)
            #expect(error?.message.contains(name) == true && error?.message.contains("v4lue") == false)
        }
    }

    @Test func aConfigurationMakesOneClient() throws {
        let configuration = try KafkaConfigurationHandle(KafkaSettings(bootstrapServers: ["127.0.0.1:1"]), log: nil)
        _ = try configuration.makeClient(RD_KAFKA_PRODUCER)
        #expect(throws: KafkaError.self) { try configuration.makeClient(RD_KAFKA_PRODUCER) }
        #expect(throws: KafkaError.self) { try configuration.set("acks", "all") }
    }

    @Test func logsComeToTheOwnerOnItsThread() throws {
        var lines: [KafkaLogLine] = []
        let producer = try KafkaProducer(KafkaSettings(bootstrapServers: ["127.0.0.1:1"])) { lines.append($0) }
        try producer.send(record("x"))
        _ = producer.flush(withinMs: 500)
        #expect(lines.contains { $0.facility == "FAIL" && $0.text.contains("127.0.0.1:1") && $0.severity == 3 })
    }
}
