internal import Foundation
internal import JSON
internal import Kafka

/// `kafka`: makes the call of each line of standard input, with one producer or consumer a name, and writes a line for it:
/// `{"ok": …}`, or `{"error": {"code", "message"}}`.
///
/// A line is a JSON object whose `call` names the call; the others are its parameters. Bytes are base64.
enum KafkaCalls {
    static func run(_ arguments: [String]) throws {
        var calls = Calls()
        while let line = readLine() {
            do throws(KafkaError) {
                let input = try parse(line)
                print(JSONText.object([("ok", try calls.make(input))]))
            } catch {
                let members: [(name: String, value: JSONValue)] = [
                    ("code", .string(error.code.rawValue)), ("message", .string(error.message)),
                ]
                print(JSONText.object([("error", .object(members))]))
            }
            fflush(nil)
        }
    }

    private static func parse(_ line: String) throws(KafkaError) -> JSONValue {
        do { return try JSONValue(parsing: Array(line.utf8)) } catch { throw KafkaError(.configuration, "\(error)") }
    }

    private struct Calls {
        private var producers: [String: KafkaProducer] = [:]
        private var consumer: KafkaConsumer?

        mutating func make(_ input: JSONValue) throws(KafkaError) -> JSONValue {
            switch input["call"]?.string {
            case "produce": return try produce(input)
            case "flush": return try flush(input)
            case "close":
                producers = [:]
                return .null
            case "consume": return try consume(input)
            default: throw KafkaError(.configuration, "no such call")
            }
        }

        private func settings(_ input: JSONValue) -> KafkaSettings {
            var settings = KafkaSettings(
                bootstrapServers: (input["brokers"]?.string ?? "").split(separator: ",").map(String.init))
            if let most = input["most"]?.integer { settings.maximumQueuedRecords = Int(most) }
            return settings
        }

        /// The producer for these brokers, which is made when it is first needed.
        private mutating func producer(_ input: JSONValue) throws(KafkaError) -> KafkaProducer {
            let name = input["brokers"]?.string ?? ""
            if let made = producers[name] { return made }
            let made = try KafkaProducer(settings(input))
            producers[name] = made
            return made
        }

        /// Sends `records`, or `count` small ones beginning at `first`; how many `send` took.
        private mutating func produce(_ input: JSONValue) throws(KafkaError) -> JSONValue {
            let producer = try producer(input)
            let topic = input["topic"]?.string ?? ""
            var taken = 0
            for record in input["records"]?.elements ?? [] {
                var headers: [(name: String, value: [UInt8])] = []
                for (name, value) in record["headers"]?.members ?? [] { headers.append((name, bytes(value) ?? [])) }
                try producer.send(
                    ProducerRecord(
                        topic: topic, key: bytes(record["key"]), value: bytes(record["value"]) ?? [], headers: headers,
                        timestampMs: record["timestamp"]?.integer))
                taken += 1
            }
            let first = input["first"]?.integer ?? 0
            for number in first..<first + max(0, input["count"]?.integer ?? 0) {
                let text = String(number)
                try producer.send(ProducerRecord(topic: topic, key: Array(text.utf8), value: Array("\(text)!".utf8)))
                taken += 1
            }
            return .integer(taken)
        }

        private mutating func flush(_ input: JSONValue) throws(KafkaError) -> JSONValue {
            let report = try producer(input).flush(withinMs: input["within"]?.integer ?? 0)
            let failures = report.failures.sorted { $0.key.rawValue < $1.key.rawValue }
            return .object([
                ("delivered", .integer(report.delivered)), ("undelivered", .integer(report.undelivered)),
                ("failures", .object(failures.map { ($0.key.rawValue, .integer($0.value.count)) })),
                ("messages", .array(failures.map { .string($0.value.error.message) })),
            ])
        }

        /// All records of a topic from the beginning, or from `offset` of `partition` on, until `count` are there.
        private mutating func consume(_ input: JSONValue) throws(KafkaError) -> JSONValue {
            let topic = input["topic"]?.string ?? ""
            let consumer: KafkaConsumer =
                if let made = self.consumer { made } else { try KafkaConsumer(settings(input)) }
            self.consumer = consumer
            let partitions = try consumer.partitions(of: topic, withinMs: 10_000)
            if let partition = input["partition"]?.integer {
                try consumer.assign([(topic, Int32(partition), input["offset"]?.integer)])
            } else {
                try consumer.assign(partitions.map { (topic, $0, nil) })
            }
            var records: [JSONValue] = []
            let count = Int(input["count"]?.integer ?? 0)
            while records.count < count {
                let next = try consumer.poll(withinMs: 5_000, atMost: count - records.count)
                guard !next.isEmpty else { break }
                records += next.map(describe)
            }
            let marks = try partitions.map { partition throws(KafkaError) -> JSONValue in
                let mark = try consumer.watermarks(topic: topic, partition: partition, withinMs: 5_000)
                return .array([.integer(mark.low), .integer(mark.high)])
            }
            return .object([("records", .array(records)), ("watermarks", .array(marks))])
        }

        private func describe(_ record: ConsumerRecord) -> JSONValue {
            let headers = record.headers.map { JSONValue.array([.string($0.name), text($0.value)]) }
            return .object([
                ("topic", .string(record.topic)), ("partition", .integer(record.partition)),
                ("offset", .integer(record.offset)), ("timestamp", record.timestampMs.map { .integer($0) } ?? .null),
                ("key", text(record.key)), ("value", text(record.value)), ("headers", .array(headers)),
            ])
        }

        private func bytes(_ value: JSONValue?) -> [UInt8]? {
            guard let text = value?.string else { return nil }
            var bytes: [UInt8] = []
            guard (try? Base64.decode(Array(text.utf8).span.bytes, into: &bytes)) != nil else { return nil }
            return bytes
        }

        private func text(_ bytes: [UInt8]?) -> JSONValue { bytes.map { .string(Base64.encode($0)) } ?? .null }
    }
}
