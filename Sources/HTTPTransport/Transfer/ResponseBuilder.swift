/// A response while it arrives.
struct ResponseBuilder {
    /// Heads are short; one beyond this is an attack or an error, in bytes.
    private static let maximumHead = 256 << 10
    /// More of a body is not reserved before it arrives, in bytes.
    private static let maximumReserve = 16 << 20

    private var status = 0
    private var fields: [HTTPField] = []
    private var body: [UInt8] = []
    private var headSize = 0
    private var contentLength: Int?
    private var isChunked = false
    /// Whether the head of the final response has arrived, which informational ones (1xx) may precede.
    private(set) var hasHead = false

    /// Takes one line of a head with its line end, as libcurl delivers them: the trailers of a chunked body come the same
    /// way, and are left out.
    mutating func receiveHead(_ line: UnsafeRawBufferPointer, isHead: Bool, limit: Int) -> Transfer.Refusal? {
        if hasHead { return nil }
        headSize += line.count
        guard headSize <= Self.maximumHead else { return .malformed("a head above \(Self.maximumHead) bytes") }
        var line = UnsafeRawBufferPointer(rebasing: line[...])
        while let last = line.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            line = UnsafeRawBufferPointer(rebasing: line.dropLast())
        }
        if line.isEmpty { return endHead(isHead: isHead, limit: limit) }
        if line.starts(with: "HTTP/".utf8) { return beginHead(line) }
        return addField(line)
    }

    /// Takes a part of the body.
    mutating func receiveBody(_ bytes: UnsafeRawBufferPointer, limit: Int) -> Transfer.Refusal? {
        guard bytes.count <= limit - body.count else { return .tooLarge }
        body.append(contentsOf: bytes)
        return nil
    }

    /// The response, of which nothing more comes.
    consuming func build(wasResent: Bool) -> HTTPResponse {
        HTTPResponse(status: status, fields: fields, body: body, wasResent: wasResent)
    }

    /// Where a redirect leads (RFC 9110 §15.4); nil if this is none.
    var redirect: String? {
        guard [301, 302, 303, 307, 308].contains(status) else { return nil }
        return fields.first { $0.isNamed("location") }?.value
    }

    /// Whether anything of a response has arrived.
    var hasBegun: Bool { headSize > 0 }

    private mutating func beginHead(_ line: UnsafeRawBufferPointer) -> Transfer.Refusal? {
        // HTTP/1.1 200 OK
        guard let space = line.firstIndex(of: UInt8(ascii: " ")) else {
            return .malformed("a status line without status")
        }
        let digits = line[(space + 1)...].prefix { $0.isDigit }
        guard digits.count == 3 else { return .malformed("a status that is not of three digits") }
        status = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard status >= 100 else { return .malformed("a status below 100") }
        fields = []
        contentLength = nil
        isChunked = false
        return nil
    }

    private mutating func addField(_ line: UnsafeRawBufferPointer) -> Transfer.Refusal? {
        if let first = line.first, first.isBlank {
            // A folded line of old (RFC 9112 §5.2) goes on where the last one stopped.
            guard let last = fields.popLast() else { return .malformed("a head that begins with a folded line") }
            fields.append(HTTPField(last.name, last.value + " " + Self.trimmed(line[...])))
            return nil
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
            return .malformed("a field without a name")
        }
        let field = HTTPField(String(decoding: line[..<colon], as: UTF8.self), Self.trimmed(line[(colon + 1)...]))
        fields.append(field)
        if field.isNamed("content-length") {
            guard let length = Int(field.value), length >= 0, contentLength == nil || contentLength == length else {
                return .malformed("a content length that is none")
            }
            contentLength = length
        } else if field.isNamed("transfer-encoding") {
            isChunked = true
        }
        return nil
    }

    private mutating func endHead(isHead: Bool, limit: Int) -> Transfer.Refusal? {
        guard status != 0 else { return .malformed("a head without status") }
        if status < 200 { return nil }
        hasHead = true
        guard let contentLength, !isChunked, !isHead, status != 204, status != 304 else { return nil }
        guard contentLength <= limit else { return .tooLarge }
        // Memory that is reserved but not filled costs nothing; but a length is only a claim, and a small machine may
        // refuse to reserve a large one.
        body.reserveCapacity(min(contentLength, Self.maximumReserve))
        return nil
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        var bytes = bytes.drop { $0.isBlank }
        while let last = bytes.last, last.isBlank { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
