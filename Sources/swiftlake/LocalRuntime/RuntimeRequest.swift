/// One HTTP request that a function's runtime made, taken from the bytes of its connection.
struct RuntimeRequest: Equatable {
    /// What bytes may turn out to be.
    enum Parsed: Equatable {
        /// The request is not complete.
        case incomplete
        /// A request, and how many bytes it took.
        case request(RuntimeRequest, consumed: Int)
        /// Not a request that a runtime makes.
        case malformed(String)
    }

    /// Such as `GET`.
    let method: String
    /// The path, such as `/2018-06-01/runtime/invocation/next`.
    let path: String
    /// The error type of a failed invocation.
    let errorType: String?
    /// The body.
    let body: [UInt8]

    private static let maximumHead = 64 * 1024
    private static let maximumBody = 64 << 20

    /// Reads the first request of these bytes. Bodies must have a length: no runtime sends a response in chunks unless it
    /// is streamed, which this server does not do.
    static func parse(_ bytes: [UInt8]) -> Parsed {
        guard let headEnd = endOfHead(bytes) else {
            return bytes.count > maximumHead ? .malformed("the head is too long") : .incomplete
        }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        let start = lines.first?.split(separator: " ") ?? []
        guard start.count == 3, start[2].hasPrefix("HTTP/1.") else { return .malformed("not a request line") }
        var length = 0
        var errorType: String?
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return .malformed("not a header field") }
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            switch line[..<colon].lowercased() {
            case "content-length":
                guard let count = Int(value), (0...maximumBody).contains(count) else {
                    return .malformed("not a length")
                }
                length = count
            case "transfer-encoding": return .malformed("a body without a length")
            case "lambda-runtime-function-error-type": errorType = value
            default: break
            }
        }
        let bodyStart = headEnd + 4
        guard bytes.count >= bodyStart + length else { return .incomplete }
        let request = RuntimeRequest(
            method: String(start[0]), path: String(start[1]), errorType: errorType,
            body: Array(bytes[bodyStart..<bodyStart + length]))
        return .request(request, consumed: bodyStart + length)
    }

    /// Where the empty line begins that ends the head.
    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        var index = 0
        while index + 3 < min(bytes.count, maximumHead) {
            if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                return index
            }
            index += 1
        }
        return nil
    }
}
