/// Amazon Simple Notification Service: messages published to a topic.
public struct SNS {
    private let client: ServiceClient

    /// The service, as a client reaches it.
    public init(_ client: ServiceClient) { self.client = client }

    /// A message.
    public struct Message: Equatable, Sendable {
        /// What subscribers get.
        public var text: String
        /// The line that an e-mail is headed with.
        public var subject: String?
        /// Attributes that filters of subscriptions look at, by name.
        public var attributes: [String: Attribute]
        /// Of a FIFO topic, the group in which order is kept.
        public var groupID: String?
        /// Of a FIFO topic, what tells a repetition of the message.
        public var deduplicationID: String?

        /// A message.
        public init(
            _ text: String, subject: String? = nil, attributes: [String: Attribute] = [:], groupID: String? = nil,
            deduplicationID: String? = nil
        ) {
            self.text = text
            self.subject = subject
            self.attributes = attributes
            self.groupID = groupID
            self.deduplicationID = deduplicationID
        }
    }

    /// The value of an attribute.
    public enum Attribute: Equatable, Sendable {
        case string(String)
        /// A number, as decimal text.
        case number(String)
        /// A JSON array of strings, numbers, booleans or null, as text.
        case stringArray(String)
    }

    /// Publishes a message (Publish). It is sent again after an unknown outcome only if it carries a deduplication id.
    /// - Returns: the message's id.
    public func publish(_ message: Message, to topicARN: String) throws(ServiceError) -> String {
        var parameters = [(name: "TopicArn", value: topicARN), (name: "Message", value: message.text)]
        if let subject = message.subject { parameters.append(("Subject", subject)) }
        if let id = message.groupID { parameters.append(("MessageGroupId", id)) }
        if let id = message.deduplicationID { parameters.append(("MessageDeduplicationId", id)) }
        let attributes = message.attributes.sorted { $0.key < $1.key }
        for (index, (name, attribute)) in attributes.enumerated() {
            let entry = "MessageAttributes.entry.\(index + 1)"
            let (type, value) =
                switch attribute {
                case .string(let text): ("String", text)
                case .number(let text): ("Number", text)
                case .stringArray(let text): ("String.Array", text)
                }
            parameters += [
                ("\(entry).Name", name), ("\(entry).Value.DataType", type), ("\(entry).Value.StringValue", value),
            ]
        }
        let request = ServiceRequest.query(
            .sns, "Publish", version: "2010-03-31", isIdempotent: message.deduplicationID != nil,
            parameters: parameters)
        let reply = ServiceReply(try client.send(request), to: request)
        let id = try reply.document("PublishResponse")["PublishResult"]?.text(of: "MessageId")
        return try reply.require(id, "MessageId")
    }
}
