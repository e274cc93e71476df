internal import JSON

/// What a function's reply says of the records it was called with.
enum BatchItemFailures: Equatable {
    /// All are taken: an empty reply, null, an object without a list, a list that is null or empty.
    case none
    /// These are not taken.
    case some(Set<ItemIdentifier>)
    /// None is taken: an empty or missing identifier, or a reply that is none of these.
    case all

    /// Reads a reply.
    init(reply: [UInt8]) {
        guard reply.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
            self = .none
            return
        }
        guard let value = try? JSONValue(parsing: reply) else {
            self = .all
            return
        }
        switch (value, value["batchItemFailures"]) {
        case (.null, _), (.object, nil), (.object, .null?): self = .none
        case (.object, .array(let items)?): self = Self(items)
        default: self = .all
        }
    }

    private init(_ items: [JSONValue]) {
        var identifiers: Set<ItemIdentifier> = []
        for item in items {
            switch item["itemIdentifier"] {
            case .string(let number)? where !number.isEmpty: identifiers.insert(.sequenceNumber(number))
            case .object(let members)?:
                let members = JSONValue.object(members)
                guard let partition = members["partition"]?.string, let offset = members["offset"]?.integer else {
                    self = .all
                    return
                }
                identifiers.insert(.offset(partition: partition, offset))
            default:
                self = .all
                return
            }
        }
        self = identifiers.isEmpty ? .none : .some(identifiers)
    }
}
