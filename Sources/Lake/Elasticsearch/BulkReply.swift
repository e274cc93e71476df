internal import JSON

/// Reads the reply to a `_bulk` request: `{"errors":true,"items":[{"index":{"status":201}},…]}`.
enum BulkReply {
    /// Why a reply is none.
    struct Fault: Error, Equatable {
        /// What is wrong with it, in words that hold nothing of it.
        let message: String
    }

    /// What became of each document, in the order in which they were sent.
    /// - Parameter count: how many were sent; a reply for another number is none.
    static func outcomes(_ bytes: RawSpan, count: Int) throws(Fault) -> [BulkOutcome] {
        let outcomes: [BulkOutcome]?
        do throws(JSONError) {
            outcomes = try read(bytes, count: count)
        } catch {
            throw Fault(message: "a reply that is no such JSON: \(error.reason), at byte \(error.offset)")
        }
        guard let outcomes else { throw Fault(message: "a reply without items") }
        guard outcomes.count == count else {
            throw Fault(message: "a reply for \(outcomes.count) documents, where \(count) were sent")
        }
        return outcomes
    }

    private static func read(_ bytes: RawSpan, count: Int) throws(JSONError) -> [BulkOutcome]? {
        var reader = JSONReader(bytes)
        var outcomes: [BulkOutcome]?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard reader.equals(key, "items") else {
                try reader.skip()
                continue
            }
            var items: [BulkOutcome] = []
            items.reserveCapacity(count)
            try reader.beginArray()
            while try reader.nextElement() { items.append(try item(&reader)) }
            outcomes = items
        }
        try reader.end()
        return outcomes
    }

    /// One item: an object whose one member is named as the action.
    private static func item(_ reader: inout JSONReader) throws(JSONError) -> BulkOutcome {
        let start = reader.position
        var outcome: BulkOutcome?
        var members = 0
        try reader.beginObject()
        while try reader.nextKey() != nil {
            members += 1
            outcome = try result(&reader)
        }
        guard members == 1, let outcome else {
            throw JSONError(.wrongKind, at: start, "expected an item of one member")
        }
        return outcome
    }

    private static func result(_ reader: inout JSONReader) throws(JSONError) -> BulkOutcome {
        let start = reader.position
        var status: Int?
        var type: String?
        var reason: String?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.equals(key, "status") {
                status = Int(reader.text(try reader.next(.number)))
            } else if reader.equals(key, "error") {
                (type, reason) = try fault(&reader)
            } else {
                try reader.skip()
            }
        }
        guard let status, 100..<600 ~= status else {
            throw JSONError(.wrongKind, at: start, "expected an item with a status")
        }
        return BulkOutcome(status: status, fault: BulkFault(status: status, type: type, reason: reason))
    }

    /// The type and reason of a fault; older servers gave a text alone.
    private static func fault(_ reader: inout JSONReader) throws(JSONError) -> (type: String?, reason: String?) {
        guard try reader.peek() == .object else {
            let token = try reader.next()
            return (nil, token.kind == .string ? try reader.string(token) : nil)
        }
        var found: (type: String?, reason: String?) = (nil, nil)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            let isType = reader.equals(key, "type")
            let isReason = reader.equals(key, "reason")
            let value = try reader.next()
            guard value.kind == .string, isType || isReason else { continue }
            let text = try reader.string(value)
            if isType { found.type = text } else { found.reason = text }
        }
        return found
    }
}
