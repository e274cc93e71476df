extension StreamDefinition.Source {
    /// The kinds of source, as a definition spells them.
    private enum Kind: String, CaseIterable { case kinesis, kafka }

    init?(parsing value: DefinitionValue) {
        if value.value["kind"]?.string == Kind.kafka.rawValue {
            guard
                let object =
                    value.object(
                        required: ["kind", "topic"], optional: ["cluster", "partitions", "replication", "retention"])
            else { return nil }
            let topic = object["topic"]?.topicName()
            let cluster = object["cluster"].map { $0.cluster() }
            guard let topic, cluster != .some(nil) else { return nil }
            self = .kafka(topic: topic, cluster: cluster ?? nil)
            return
        }
        guard let object = value.object(required: ["kind"], optional: ["name", "arn", "shards"]) else { return nil }
        let kind = object["kind"]?.choice("a kind of source", of: Kind.self)
        switch (object["name"], object["arn"]) {
        case (let name?, nil):
            guard let name = name.streamName(), kind != nil else { return nil }
            self = .kinesisName(name)
        case (nil, let arn?):
            guard let text = arn.string() else { return nil }
            guard Self.isKinesisARN(text) else {
                arn.complain(
                    "\"\(text)\" is not the ARN of a Kinesis stream; write arn:aws:kinesis:REGION:ACCOUNT:stream/NAME")
                return nil
            }
            guard kind != nil else { return nil }
            self = .kinesisARN(text)
        default:
            value.complain("needs either \"name\" or \"arn\"")
            return nil
        }
    }

    /// What a source says of its topic.
    static func topic(parsing value: DefinitionValue?) -> TopicDefinition {
        guard let value, value.value["kind"]?.string == Kind.kafka.rawValue, let object = value.objectReadBefore()
        else {
            return .standard
        }
        return TopicDefinition(source: object)
    }

    /// How many shards a source says that its stream has.
    static func shards(parsing value: DefinitionValue?) -> Int {
        value?.objectReadBefore()?["shards"]?.count(atMost: maximumShards).map { Int($0) } ?? 1
    }

    /// What an account may have of shards in a region, unless it asks for more.
    private static let maximumShards: Int64 = 20_000

    private static func isKinesisARN(_ text: String) -> Bool {
        guard let resource = resource(ofARN: text, service: "kinesis") else { return false }
        return resource.hasPrefix("stream/") && DefinitionValue.isStreamName(resource.dropFirst("stream/".count))
    }

    /// Whether a text is `arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID`.
    fileprivate static func isClusterARN(_ text: String) -> Bool {
        guard let resource = resource(ofARN: text, service: "kafka") else { return false }
        let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "cluster" && parts.allSatisfy { DefinitionValue.isStreamName($0) }
    }

    /// What an ARN of this service names, after region and account; nil if the text is no such ARN.
    private static func resource(ofARN text: String, service: String) -> Substring? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts.allSatisfy({ !$0.isEmpty }), parts[0] == "arn", parts[2] == service else {
            return nil
        }
        return parts[5]
    }

    /// Whether a text is `host:port`.
    fileprivate static func isBootstrapServer(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = wholeNumber(parts[1].utf8, maximumDigits: 5) else { return false }
        return port <= Int64(UInt16.max) && DefinitionValue.isStreamName(parts[0], maximumLength: 253)
    }
}

extension DefinitionValue {
    /// A stream's name under the rules of Kinesis.
    func streamName() -> String? {
        guard let text = string() else { return nil }
        guard Self.isStreamName(text[...]) else {
            complain(
                "\"\(text)\" cannot be the name of a stream: use letters, digits, \"_\", \".\" and \"-\", at most 128")
            return nil
        }
        return text
    }

    /// A topic's name under the rules of Kafka.
    fileprivate func topicName() -> String? {
        guard let text = string() else { return nil }
        guard Self.isStreamName(text[...], maximumLength: 249), text != ".", text != ".." else {
            complain(
                "\"\(text)\" cannot be the name of a topic: use letters, digits, \"_\", \".\" and \"-\", at most 249, "
                    + "and not \".\" or \"..\" alone")
            return nil
        }
        return text
    }

    /// What tells a Kafka cluster from others.
    fileprivate func cluster() -> String? {
        guard let text = string() else { return nil }
        guard StreamDefinition.Source.isClusterARN(text) || StreamDefinition.Source.isBootstrapServer(text) else {
            complain(
                "\"\(text)\" names no cluster: write the ARN of a cluster of MSK, "
                    + "arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID, or one of its bootstrap servers, host:port")
            return nil
        }
        return text
    }

    static func isStreamName(_ text: Substring, maximumLength: Int = 128) -> Bool {
        1...maximumLength ~= text.utf8.count && text.utf8.allSatisfy(isStreamNameByte)
    }

    /// Letters, digits, `_`, `.` and `-`.
    static func isStreamNameByte(_ byte: UInt8) -> Bool {
        isNameByte(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "-")
    }
}
