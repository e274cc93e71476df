import CRdkafka
import Testing

@testable import Kafka

@Suite struct KafkaCallbacksTests {
    /// A client that nobody polls, so that it hears only what a test says.
    private let client: KafkaClient

    init() throws {
        let settings = KafkaSettings(bootstrapServers: ["127.0.0.1:1"])
        client = try KafkaConfigurationHandle(settings, log: nil).makeClient(RD_KAFKA_PRODUCER)
    }

    private func deliver(_ response: rd_kafka_resp_err_t) {
        var message = rd_kafka_message_t()
        message.err = response
        client.callbacks.noteDelivery(message, by: client.handle)
    }

    @Test func aRefusalByOneBrokerOutlivesADeliveryByAnother() {
        client.callbacks.noteFault(RD_KAFKA_RESP_ERR__AUTHENTICATION, "wrong password")
        deliver(RD_KAFKA_RESP_ERR_NO_ERROR)
        deliver(RD_KAFKA_RESP_ERR__PURGE_QUEUE)
        let report = client.callbacks.tally.report()
        #expect(report.delivered == 1 && report.undelivered == 1)
        #expect(report.failures[.authenticationFailed]?.error.message.contains("wrong password") == true)
    }

    @Test func aBrokerThatWasAwayIsForgottenWithADelivery() {
        client.callbacks.noteFault(RD_KAFKA_RESP_ERR__TRANSPORT, "connection refused")
        client.callbacks.noteFault(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "all are down")
        deliver(RD_KAFKA_RESP_ERR_NO_ERROR)
        #expect(client.callbacks.connectionFault == nil && client.callbacks.takeOutage() == nil)
        deliver(RD_KAFKA_RESP_ERR__PURGE_QUEUE)
        #expect(client.callbacks.tally.report().failures[.timedOut]?.count == 1)
    }

    @Test func aClientThatCannotAskForTokensIsRefused() throws {
        // Without SASL there is nothing that librdkafka would ask a token for.
        let configuration = try KafkaConfigurationHandle(
            KafkaSettings(bootstrapServers: ["127.0.0.1:1"]), log: nil)
        configuration.callbacks.refreshToken = { _ in }
        let error = #expect(throws: KafkaError.self) { _ = try configuration.makeClient(RD_KAFKA_PRODUCER) }
        #expect(error?.code == .configuration)
        #expect(error?.message.hasPrefix("the Kafka client for 127.0.0.1:1 cannot ask for tokens: ") == true)
    }
}
