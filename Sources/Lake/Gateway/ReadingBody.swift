internal import JSON
internal import LambdaRuntime
internal import Parquet

/// The body of a request, and where in it each reading lies.
struct ReadingBody {
    /// The body, decompressed.
    let bytes: [UInt8]
    /// The readings in order, as the device wrote them; at least one.
    let readings: [Range<Int>]

    /// Reads a body.
    /// - Parameter sent: its bytes as they were sent.
    init(_ sent: [UInt8], of event: HTTPEvent) throws(GatewayRefusal) {
        guard let form = event.header("content-type").flatMap({ ReadingForm(contentType: $0.string) }) else {
            throw .unsupportedType
        }
        let isCompressed = try Self.isCompressed(event)
        guard sent.count <= GatewayLimits.sentBytes else { throw .tooLarge(bytes: GatewayLimits.sentBytes) }
        try self.init(isCompressed ? Self.decompressed(sent) : sent, form)
    }

    /// Cuts a body, which is not compressed, into readings.
    init(_ bytes: [UInt8], _ form: ReadingForm) throws(GatewayRefusal) {
        self.bytes = bytes
        readings = try form == .lines ? Self.lines(bytes) : Self.values(bytes)
        guard !readings.isEmpty else { throw .malformed("there is no reading in the body") }
    }

    private static func isCompressed(_ event: HTTPEvent) throws(GatewayRefusal) -> Bool {
        guard let field = event.header("content-encoding") else { return false }
        switch ReadingForm.trimmed(field.string).lowercased() {
        case "", "identity": return false
        case "gzip", "x-gzip": return true
        default: throw .unsupportedEncoding
        }
    }

    private static func decompressed(_ bytes: [UInt8]) throws(GatewayRefusal) -> [UInt8] {
        do throws(GzipError) {
            return try Gzip.decompress(bytes, atMost: GatewayLimits.bodyBytes)
        } catch {
            switch error {
            case .tooLarge: throw .tooLarge(bytes: GatewayLimits.bodyBytes)
            case .malformed: throw .malformed("the body is not whole gzip, although Content-Encoding says so")
            case .outOfMemory: throw .unavailable
            }
        }
    }

    // MARK: - JSON

    private static func values(_ bytes: [UInt8]) throws(GatewayRefusal) -> [Range<Int>] {
        var readings: [Range<Int>] = []
        do throws(JSONError) {
            var reader = JSONReader(bytes.span.bytes)
            switch try reader.peek() {
            case .object:
                readings.append(range(try reader.next()))
            case .array:
                try reader.beginArray()
                while readings.count <= GatewayLimits.readings, try reader.nextElement() {
                    readings.append(range(try reader.next()))
                }
                if readings.count > GatewayLimits.readings { break }
            default: throw JSONError(.wrongKind, at: 0, "expected an object, or an array of objects")
            }
            if readings.count <= GatewayLimits.readings { try reader.end() }
        } catch {
            throw .malformed("the body is not JSON of readings: \(error.reason), at byte \(error.offset)")
        }
        guard readings.count <= GatewayLimits.readings else { throw .tooManyReadings }
        return readings
    }

    /// Where a value stands, a string's quotes included.
    private static func range(_ token: JSONToken) -> Range<Int> {
        token.kind == .string ? token.start - 1..<token.end + 1 : token.start..<token.end
    }

    // MARK: - Lines

    private static func lines(_ bytes: [UInt8]) throws(GatewayRefusal) -> [Range<Int>] {
        var readings: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let line = trimmed(start..<end, of: bytes)
            start = end + 1
            guard !line.isEmpty else { continue }
            guard readings.count < GatewayLimits.readings else { throw .tooManyReadings }
            readings.append(line)
        }
        return readings
    }

    /// A line without the white space of JSON around it.
    private static func trimmed(_ line: Range<Int>, of bytes: [UInt8]) -> Range<Int> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var (start, end) = (line.lowerBound, line.upperBound)
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }
}
