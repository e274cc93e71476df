internal import Iceberg

/// What could be read of a stream.
struct StreamDraft {
    let path: DefinitionPath
    let name: String
    let source: StreamDefinition.Source?
    let table: TableIdentifier?
    let onBadRecord: StreamDefinition.BadRecordPolicy?
    /// The whole stream, unless something in it could not be read.
    let definition: StreamDefinition?

    init?(_ value: DefinitionValue) {
        guard
            let object = value.object(
                required: ["name", "source", "table"], optional: ["decoder", "onBadRecord", "window", "index"])
        else { return nil }
        path = value.path
        source = object["source"].flatMap { StreamDefinition.Source(parsing: $0) }
        table = object["table"]?.tableIdentifier()
        let decoder = object["decoder"].map { $0.choice("a decoder", of: StreamDefinition.Decoder.self) } ?? .json
        onBadRecord =
            object["onBadRecord"].map {
                $0.choice("what becomes of a bad record", of: StreamDefinition.BadRecordPolicy.self)
            }
            ?? .deadLetter
        let window = object["window"].map(WindowDefinition.init(parsing:)) ?? .standard
        let index = object["index"]?.string()
        guard let name = object["name"]?.streamName() else { return nil }
        self.name = name
        if let source, let table, let decoder, let onBadRecord {
            definition = StreamDefinition(
                name: name, source: source, table: table, decoder: decoder, onBadRecord: onBadRecord,
                window: window, index: index)
        } else {
            definition = nil
        }
    }
}

extension StreamDefinition.Source {
    /// The kinds of source, as a definition spells them.
    private enum Kind: String, CaseIterable { case kinesis, kafka }

    init?(parsing value: DefinitionValue) {
        if value.value["kind"]?.string == Kind.kafka.rawValue {
            guard let object = value.object(required: ["kind", "topic"], optional: ["cluster"]),
                let topic = object["topic"]?.streamName()
            else { return nil }
            self = .kafka(topic: topic, cluster: object["cluster"]?.string())
            return
        }
        guard let object = value.object(required: ["kind"], optional: ["name", "arn"]) else { return nil }
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

    private static func isKinesisARN(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 6 && parts.allSatisfy { !$0.isEmpty } && parts[0] == "arn" && parts[2] == "kinesis"
            && parts[5].hasPrefix("stream/") && DefinitionValue.isStreamName(parts[5].dropFirst(7))
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

    static func isStreamName(_ text: Substring) -> Bool {
        1...128 ~= text.utf8.count
            && text.utf8.allSatisfy {
                isNameByte($0) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || $0 == UInt8(ascii: ".")
                    || $0 == UInt8(ascii: "-")
            }
    }
}
