/// Reads HTTP/1.1 responses (RFC 9112) from bytes as they come. It owns no memory of its own: the caller keeps what
/// was not consumed, and shows it again with more.
///
/// Body bytes that are certain to follow (``directBytes``) need not pass through here: the caller may read them from
/// the socket straight to where they belong, and say so with ``received(_:)``.
struct HTTPResponseParser {
    /// What the bytes meant.
    enum Event: Equatable {
        /// Nothing yet: show more bytes.
        case needsMore
        /// The head is complete; interim responses (1xx) are passed over.
        case head(HTTPResponseHead)
        /// This many of the consumed bytes, the last of them, belong to the body.
        case body(Int)
        /// The response is complete.
        case end
    }

    /// How much a response may hold.
    struct Limits: Sendable {
        /// Bytes of one line of the head, with its end.
        var line = 16 * 1024 - 1
        /// Lines of a response that are not body: header fields, trailers and interim heads.
        var fields = 256
        /// Bytes of the body.
        var body = 64 << 20
    }

    private enum State: Equatable {
        case statusLine
        case fields
        case body(remaining: Int)
        case bodyUntilClose
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailers
        /// A body too long to read, whose head the caller has been shown: it may say whose body this was.
        case refused(Int)
        case done
    }

    private let limits: Limits
    private var state = State.statusLine
    private var head: HTTPResponseHead?
    private var contentLength: Int?
    private var isChunked = false
    private var isConnectionGiven = false
    private var fieldCount = 0
    private var bodyCount = 0
    /// Bytes of the unfinished line that hold no line feed, so that slow bytes are looked at once.
    private var searched = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    // MARK: - Bytes in, events out

    /// Consumes bytes up to the next event.
    mutating func next(_ input: UnsafeRawBufferPointer) throws(HTTPError) -> (event: Event, consumed: Int) {
        var consumed = 0
        while true {
            let rest = UnsafeRawBufferPointer(rebasing: input[consumed...])
            switch state {
            case .done: return (.end, consumed)
            case .refused(let length): throw HTTPError(.tooLarge, "a body of \(length) bytes")
            case .body(let remaining):
                guard !rest.isEmpty else { return (.needsMore, consumed) }
                let count = min(remaining, rest.count)
                received(count)
                return (.body(count), consumed + count)
            case .bodyUntilClose:
                guard !rest.isEmpty else { return (.needsMore, consumed) }
                try count(rest.count)
                return (.body(rest.count), consumed + rest.count)
            case .chunk(let remaining):
                guard !rest.isEmpty else { return (.needsMore, consumed) }
                let count = min(remaining, rest.count)
                received(count)
                return (.body(count), consumed + count)
            case .statusLine, .fields, .chunkSize, .chunkEnd, .trailers:
                guard let line = try line(rest) else { return (.needsMore, consumed) }
                consumed += line.consumed
                if let head = try take(UnsafeRawBufferPointer(rebasing: rest[..<line.count])) {
                    return (.head(head), consumed)
                }
            }
        }
    }

    /// Body bytes that must come next on the connection, before anything else does.
    var directBytes: Int {
        switch state {
        case .body(let remaining), .chunk(let remaining): remaining
        default: 0
        }
    }

    /// Whether the body comes in chunks, so that its length is not known.
    var isChunkedBody: Bool { isChunked }

    /// Says that this many of ``directBytes`` have come.
    mutating func received(_ count: Int) {
        switch state {
        case .body(let remaining):
            precondition(count <= remaining, "more body than was announced")
            state = count == remaining ? .done : .body(remaining: remaining - count)
        case .chunk(let remaining):
            precondition(count <= remaining, "more body than was announced")
            state = count == remaining ? .chunkEnd : .chunk(remaining: remaining - count)
        default: precondition(count == 0, "no body was announced")
        }
    }

    /// Says that the connection has ended.
    /// - Throws: ``HTTPError/Code/truncated`` unless the response was one that ends so.
    mutating func close() throws(HTTPError) {
        guard state == .bodyUntilClose || state == .done else {
            throw HTTPError(.truncated, "the connection ended inside the response")
        }
        state = .done
    }

    // MARK: - Lines

    /// The next line without its end (CRLF, or LF alone, as RFC 9112 section 2.2 allows), if it is complete.
    private mutating func line(_ input: UnsafeRawBufferPointer) throws(HTTPError) -> (count: Int, consumed: Int)? {
        guard let feed = input[searched...].firstIndex(of: 0x0A) else {
            searched = input.count
            guard input.count < limits.line else { throw HTTPError(.tooLarge, "a line is longer than \(limits.line)") }
            return nil
        }
        guard feed < limits.line else { throw HTTPError(.tooLarge, "a line is longer than \(limits.line)") }
        searched = 0
        return (feed > 0 && input[feed - 1] == 0x0D ? feed - 1 : feed, feed + 1)
    }

    /// Takes one line; the head, once it is complete.
    private mutating func take(_ line: UnsafeRawBufferPointer) throws(HTTPError) -> HTTPResponseHead? {
        switch state {
        case .statusLine: try takeStatusLine(line)
        case .fields:
            if line.isEmpty { return try finishHead() }
            try takeField(line)
        case .chunkSize: try takeChunkSize(line)
        case .chunkEnd:
            guard line.isEmpty else { throw HTTPError(.malformed, "a chunk is longer than its size") }
            state = .chunkSize
        case .trailers:
            if line.isEmpty { state = .done } else { try countField() }
        case .body, .bodyUntilClose, .chunk, .refused, .done: break
        }
        return nil
    }

    /// `HTTP/1.1 200 OK`, where the phrase may be missing.
    private mutating func takeStatusLine(_ line: UnsafeRawBufferPointer) throws(HTTPError) {
        guard line.count >= 12, line[0..<7].elementsEqual("HTTP/1.".utf8),
            line[7] == UInt8(ascii: "1") || line[7] == UInt8(ascii: "0"), line[8] == 0x20,
            line.count == 12 || line[12] == 0x20
        else { throw HTTPError(.malformed, "expected an HTTP/1.1 status line") }
        var status = 0
        for digit in line[9..<12] {
            guard digit &- UInt8(ascii: "0") <= 9 else { throw HTTPError(.malformed, "a status that is not a number") }
            status = status * 10 + Int(digit - UInt8(ascii: "0"))
        }
        guard status >= 100 else { throw HTTPError(.malformed, "a status below 100") }
        try countField()
        head = HTTPResponseHead(status: status, keepsAlive: line[7] == UInt8(ascii: "1"))
        contentLength = nil
        isChunked = false
        isConnectionGiven = false
        state = .fields
    }

    private mutating func takeField(_ line: UnsafeRawBufferPointer) throws(HTTPError) {
        try countField()
        guard let field = HTTPFieldLine(line) else { throw HTTPError(.malformed, "a header field that is not one") }
        switch field.name {
        case "content-length":
            let length = try Self.length(field.value)
            guard contentLength == nil || contentLength == length else {
                throw HTTPError(.malformed, "two different lengths")
            }
            contentLength = length
        case "transfer-encoding":
            guard field.value.lowercased() == "chunked", !isChunked else {
                throw HTTPError(.malformed, "a transfer encoding other than chunked")
            }
            isChunked = true
        case "connection":
            let options = field.value.lowercased().split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
            if options.contains("close") {
                head?.keepsAlive = false
                isConnectionGiven = true
            } else if options.contains("keep-alive"), !isConnectionGiven {
                head?.keepsAlive = true
            }
        default: break
        }
        head?.add(field.name, field.value)
    }

    /// Chooses the body's framing (RFC 9112, section 6.3).
    private mutating func finishHead() throws(HTTPError) -> HTTPResponseHead? {
        guard var head else { throw HTTPError(.malformed, "header fields without a status line") }
        guard !isChunked || contentLength == nil else {
            throw HTTPError(.malformed, "both a length and a transfer encoding")
        }
        if head.status < 200 {
            guard head.status != 101 else { throw HTTPError(.malformed, "a switch to another protocol") }
            state = .statusLine
            return nil
        }
        if head.status == 204 || head.status == 304 || contentLength == 0 {
            state = .done
        } else if isChunked {
            state = .chunkSize
        } else if let contentLength {
            state = contentLength <= limits.body ? .body(remaining: contentLength) : .refused(contentLength)
        } else {
            head.keepsAlive = false
            state = .bodyUntilClose
        }
        return head
    }

    /// Hexadecimal digits; extensions after a semicolon are passed over.
    private mutating func takeChunkSize(_ line: UnsafeRawBufferPointer) throws(HTTPError) {
        var size = 0
        var digits = 0
        for byte in line {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                guard byte == UInt8(ascii: ";") || byte == 0x20 || byte == 0x09 else {
                    throw HTTPError(.malformed, "a chunk size that is not hexadecimal")
                }
                break
            }
            digits += 1
            size = size << 4 | digit
            guard size <= limits.body else { throw HTTPError(.tooLarge, "a chunk larger than \(limits.body) bytes") }
        }
        guard digits > 0 else { throw HTTPError(.malformed, "a chunk without a size") }
        try count(size)
        state = size == 0 ? .trailers : .chunk(remaining: size)
    }

    private mutating func countField() throws(HTTPError) {
        fieldCount += 1
        guard fieldCount <= limits.fields else {
            throw HTTPError(.tooLarge, "more than \(limits.fields) header fields")
        }
    }

    private mutating func count(_ bytes: Int) throws(HTTPError) {
        bodyCount += bytes
        guard bodyCount <= limits.body else { throw HTTPError(.tooLarge, "a body of more than \(limits.body) bytes") }
    }

    /// A decimal length; one that does not fit is too large rather than malformed.
    private static func length(_ text: String) throws(HTTPError) -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else {
            throw HTTPError(.malformed, "a length that is not a number")
        }
        guard let length = Int(text) else { throw HTTPError(.tooLarge, "a length that does not fit") }
        return length
    }
}
