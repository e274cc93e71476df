internal import Iceberg

/// What could be read of a stream.
struct StreamDraft {
    let path: DefinitionPath
    let name: String
    let source: StreamDefinition.Source?
    let table: TableIdentifier?
    let decoder: StreamDefinition.Decoder?
    let onBadRecord: StreamDefinition.BadRecordPolicy?
    /// The whole stream, unless something in it could not be read.
    let definition: StreamDefinition?

    init?(_ value: DefinitionValue) {
        guard
            let object = value.object(
                required: ["name", "source", "table"],
                optional: ["decoder", "onBadRecord", "window", "index", "gateway", "alerts"])
        else { return nil }
        path = value.path
        source = object["source"].flatMap { StreamDefinition.Source(parsing: $0) }
        table = object["table"]?.tableIdentifier()
        decoder = object["decoder"].map { $0.choice("a decoder", of: StreamDefinition.Decoder.self) } ?? .json
        onBadRecord =
            object["onBadRecord"].map {
                $0.choice("what becomes of a bad record", of: StreamDefinition.BadRecordPolicy.self)
            }
            ?? .deadLetter
        let window = object["window"].map(WindowDefinition.init(parsing:)) ?? .standard
        let index = object["index"]?.indexName()
        if decoder == .json {
            for name in ["window", "index"] {
                object[name]?.complain("means something only beside \"decoder\": \"bars\"")
            }
        }
        let gateway = object["gateway"].flatMap(GatewayDefinition.init(parsing:))
        let alerts = object["alerts"].flatMap(AlertsDefinition.init(parsing:))
        if source?.isKinesis == false {
            for name in ["gateway", "alerts"] { object[name]?.complain("needs a stream of Kinesis") }
        }
        if decoder == .bars, source?.isKinesis == true {
            object["decoder"]?.complain("\"bars\" are read from topics of Kafka, not from a Kinesis stream")
        }
        guard let name = object["name"]?.streamName() else { return nil }
        self.name = name
        if let source, let table, let decoder, let onBadRecord {
            definition = StreamDefinition(
                name: name, source: source, table: table, decoder: decoder, onBadRecord: onBadRecord,
                window: window, index: index, topic: StreamDefinition.Source.topic(parsing: object["source"]),
                shards: StreamDefinition.Source.shards(parsing: object["source"]), gateway: gateway, alerts: alerts)
        } else {
            definition = nil
        }
    }

    /// Whether records of it may become dead letters: bad ones, and those whose documents an index refuses.
    var usesDeadLetters: Bool {
        onBadRecord == .deadLetter || (definition?.decoder == .bars && definition?.index != nil)
    }
}

extension StreamDefinition.Source {
    /// Whether it is a Kinesis stream.
    var isKinesis: Bool {
        switch self {
        case .kinesisName, .kinesisARN: true
        case .kafka: false
        }
    }
}

extension DefinitionValue {
    /// The name of an index, of those that Elasticsearch and OpenSearch take.
    fileprivate func indexName() -> String? {
        guard let text = string() else { return nil }
        guard let first = text.utf8.first, isNameByte(first), first != UInt8(ascii: "_"), text.utf8.count <= 255,
            text.utf8.allSatisfy({ isNameByte($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else {
            complain(
                "\"\(text)\" cannot be the name of an index: use lower-case letters, digits, \"_\", \"-\" and \".\", at "
                    + "most 255, and a letter or digit first")
            return nil
        }
        return text
    }
}
