internal import JSON

/// Amazon Simple Queue Service: messages sent to a queue.
public struct SQS {
    private let client: ServiceClient

    /// The service, as a client reaches it.
    public init(_ client: ServiceClient) { self.client = client }

    /// A message.
    public struct Message: Equatable, Sendable {
        /// What receivers get.
        public var body: String
        /// How long it is kept back, in seconds; nil for the queue's own delay.
        public var delaySeconds: Int?
        /// Of a FIFO queue, the group in which order is kept.
        public var groupID: String?
        /// Of a FIFO queue, what tells a repetition of the message.
        public var deduplicationID: String?

        /// A message.
        public init(
            _ body: String, delaySeconds: Int? = nil, groupID: String? = nil, deduplicationID: String? = nil
        ) {
            self.body = body
            self.delaySeconds = delaySeconds
            self.groupID = groupID
            self.deduplicationID = deduplicationID
        }
    }

    /// Messages of one call, at most.
    private static let maximumMessages = 10
    /// Bytes of one call's messages, at most.
    private static let maximumBytes = 256 << 10

    /// Sends a message (SendMessage). It is sent again after an unknown outcome only if it carries a deduplication id.
    /// - Returns: the message's id.
    public func send(_ message: Message, to queueURL: String) throws(ServiceError) -> String {
        let request = call("SendMessage", isIdempotent: message.deduplicationID != nil) { writer in
            writer.member("QueueUrl", queueURL)
            Self.write(message, to: &writer)
        }
        let (reply, value) = try client.object(request)
        return try reply.require(value["MessageId"]?.string, "MessageId")
    }

    /// Sends messages (SendMessageBatch), in as few calls as the limits allow, one after the other.
    /// - Returns: for each message its id, or why it is not known to be in the queue.
    public func send(_ messages: [Message], to queueURL: String) -> [Result<String, ServiceError>] {
        var results: [Result<String, ServiceError>] = []
        while results.count < messages.count {
            let batch = Self.batch(messages[results.count...])
            let request = call(
                "SendMessageBatch", isIdempotent: batch.allSatisfy { $0.deduplicationID != nil }
            ) { writer in
                writer.member("QueueUrl", queueURL)
                writer.member("Entries") { writer in
                    writer.array { writer in
                        for (index, message) in batch.enumerated() {
                            writer.object { writer in
                                writer.member("Id", String(index))
                                Self.write(message, to: &writer)
                            }
                        }
                    }
                }
            }
            do throws(ServiceError) {
                let (reply, value) = try client.object(request)
                results += Self.results(value, reply, count: batch.count)
            } catch {
                results += batch.map { _ in .failure(error) }
            }
        }
        return results
    }

    private func call(
        _ operation: String, isIdempotent: Bool, _ parameters: (inout JSONWriter) -> Void
    ) -> ServiceRequest {
        .json(
            .sqs, target: "AmazonSQS", operation, version: "1.0", isIdempotent: isIdempotent, parameters: parameters)
    }

    private static func write(_ message: Message, to writer: inout JSONWriter) {
        writer.member("MessageBody", message.body)
        if let seconds = message.delaySeconds { writer.member("DelaySeconds", seconds) }
        if let id = message.groupID { writer.member("MessageGroupId", id) }
        if let id = message.deduplicationID { writer.member("MessageDeduplicationId", id) }
    }

    /// The messages at the start that one call takes: one at least.
    private static func batch(_ messages: ArraySlice<Message>) -> ArraySlice<Message> {
        var bytes = 0
        let count = messages.prefix(maximumMessages).prefix { message in
            bytes += message.body.utf8.count
            return bytes <= maximumBytes
        }.count
        return messages.prefix(max(count, 1))
    }

    /// What became of each message of a batch.
    private static func results(
        _ value: JSONValue, _ reply: ServiceReply, count: Int
    ) -> [Result<String, ServiceError>] {
        var results = [Result<String, ServiceError>](
            repeating: .failure(reply.malformed("a reply without a message's result")), count: count)
        for entry in value["Successful"]?.elements ?? [] {
            guard let index = place(entry, count), let id = entry["MessageId"]?.string else { continue }
            results[index] = .success(id)
        }
        for entry in value["Failed"]?.elements ?? [] {
            guard let index = place(entry, count) else { continue }
            let code = entry["Code"]?.string ?? ""
            let isSenders = entry["SenderFault"]?.bool ?? false
            results[index] = .failure(
                ServiceError(
                    isSenders ? .invalid : .unavailable, service: AWSService.sqs.id, operation: "SendMessageBatch",
                    code: CredentialsReply.isField(code) ? code : "Failed", message: "the service refused the message",
                    status: 200, mayHaveActed: !isSenders))
        }
        return results
    }

    private static func place(_ entry: JSONValue, _ count: Int) -> Int? {
        entry["Id"]?.string.flatMap { Int($0) }.flatMap { (0..<count).contains($0) ? $0 : nil }
    }
}
