internal import JSON

/// Reads a request in one pass over its event.
struct HTTPEventParser {
    private let buffer: EventBuffer
    private(set) var method: ByteRange?
    private(set) var rawPath: ByteRange?
    private(set) var rawQueryString = ByteRange.empty
    private(set) var headers: [(name: ByteRange, value: ByteRange)] = []
    private(set) var body: ByteRange?
    private(set) var isBase64Encoded = false
    private(set) var requestID = ByteRange.empty
    private(set) var sourceIP = ByteRange.empty
    private(set) var timeMs: Int64 = 0
    private(set) var stage = ByteRange.empty

    /// The payload format whose events are read.
    static let version = "2.0"

    init(_ buffer: EventBuffer) { self.buffer = buffer }

    mutating func parse() throws(EventError) {
        try read()
        try resolve()
    }

    private mutating func read() throws(EventError) {
        // A local reference, so that the reader borrows it and not this whole value.
        let buffer = self.buffer
        var reader = try EventReader(buffer)
        var version: String?
        try reader.beginObject("")
        while let key = try reader.nextKey("") {
            if reader.isKey(key, "version") {
                version = try reader.text("version")
            } else if reader.isKey(key, "rawPath") {
                rawPath = try reader.string("rawPath")
            } else if reader.isKey(key, "rawQueryString") {
                rawQueryString = try reader.string("rawQueryString")
            } else if reader.isKey(key, "headers") {
                try readHeaders(&reader)
            } else if reader.isKey(key, "requestContext") {
                try readContext(&reader)
            } else if reader.isKey(key, "body") {
                body = try Self.optionalString(&reader, "body")
            } else if reader.isKey(key, "isBase64Encoded") {
                isBase64Encoded = try reader.bool("isBase64Encoded")
            } else {
                try reader.skip("")
            }
        }
        try reader.end()
        guard let version else {
            throw EventError(
                .missingField, "version", "a request of an HTTP API or a function URL has it, but here it is missing")
        }
        guard version == Self.version else {
            throw EventError(
                .wrongSource, "version",
                "expected the payload format \(Self.version), but it is "
                    + EventReader.quotable(version, else: "another"))
        }
    }

    private mutating func readHeaders(_ reader: inout EventReader) throws(EventError) {
        headers.removeAll()
        try reader.beginObject("headers")
        while let key = try reader.nextKey("headers") {
            let name = ByteRange(key.start, key.end, hasEscapes: key.hasEscapes)
            headers.append((name, try reader.string("headers[\(headers.count)]")))
        }
    }

    private mutating func readContext(_ reader: inout EventReader) throws(EventError) {
        try reader.beginObject("requestContext")
        while let key = try reader.nextKey("requestContext") {
            if reader.isKey(key, "http") {
                try readRequestLine(&reader)
            } else if reader.isKey(key, "requestId") {
                requestID = try reader.string("requestContext.requestId")
            } else if reader.isKey(key, "stage") {
                stage = try reader.string("requestContext.stage")
            } else if reader.isKey(key, "timeEpoch") {
                timeMs = try reader.integer("requestContext.timeEpoch")
            } else {
                try reader.skip("requestContext")
            }
        }
    }

    private mutating func readRequestLine(_ reader: inout EventReader) throws(EventError) {
        try reader.beginObject("requestContext.http")
        while let key = try reader.nextKey("requestContext.http") {
            if reader.isKey(key, "method") {
                method = try reader.string("requestContext.http.method")
            } else if reader.isKey(key, "sourceIp") {
                sourceIP = try reader.string("requestContext.http.sourceIp")
            } else {
                try reader.skip("requestContext.http")
            }
        }
    }

    /// A string, or nil for null.
    private static func optionalString(
        _ reader: inout EventReader, _ path: @autoclosure () -> String
    ) throws(EventError) -> ByteRange? {
        if try reader.peek(path()) == .null {
            try reader.skip(path())
            return nil
        }
        return try reader.string(path())
    }

    // MARK: - Escapes

    private mutating func resolve() throws(EventError) {
        try buffer.resolve(&rawQueryString)
        try buffer.resolve(&requestID)
        try buffer.resolve(&sourceIP)
        try buffer.resolve(&stage)
        method = try resolved(method)
        rawPath = try resolved(rawPath)
        body = try resolved(body)
        for index in headers.indices {
            try buffer.resolve(&headers[index].name)
            try buffer.resolve(&headers[index].value)
        }
    }

    private func resolved(_ range: ByteRange?) throws(EventError) -> ByteRange? {
        guard var range else { return nil }
        try buffer.resolve(&range)
        return range
    }
}
