internal import HTTPTransport

/// A request as Signature Version 4 hashes it: one spelling of all that mean the same.
struct CanonicalRequest {
    /// The names of the fields that are signed, sorted, with semicolons between.
    let signedFields: String
    /// The whole text, in bytes.
    let bytes: [UInt8]

    /// - Parameters:
    ///   - keepsPath: S3's rule: the path is signed as it is sent. Everywhere else dot segments and empty ones are
    ///     removed and the rest is encoded once more.
    ///   - payloadHash: the body's hash in hexadecimal, or what stands for it.
    init(_ request: SignableRequest, keepsPath: Bool, payloadHash: String) {
        var fields = request.fields.map { (name: $0.name.lowercased(), value: Self.trimmed($0.value)) }
        fields.removeAll { Self.unsigned.contains($0.name) || $0.name == "host" }
        fields.append((name: "host", value: request.host))
        let names = Set(fields.map(\.name)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        signedFields = names.joined(separator: ";")

        var bytes = Array(request.method.rawValue.utf8)
        bytes.append(UInt8(ascii: "\n"))
        Self.append(path: request.path, keepsPath: keepsPath, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: Self.query(request.query).utf8)
        bytes.append(UInt8(ascii: "\n"))
        for name in names {
            bytes.append(contentsOf: name.utf8)
            bytes.append(UInt8(ascii: ":"))
            let values = fields.filter { $0.name == name }.map(\.value)
            bytes.append(contentsOf: values.joined(separator: ",").utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(contentsOf: "\n\(signedFields)\n\(payloadHash)".utf8)
        self.bytes = bytes
    }

    /// Fields that those between here and the service may change or drop.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
        "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ]

    /// The value without white space at its ends, and with one space for each run of it inside.
    private static func trimmed(_ value: String) -> String {
        // Long values, such as session tokens, hold none.
        guard value.utf8.contains(where: { $0 <= 0x20 }) else { return value }
        let parts = value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return parts.map { String(Substring($0)) }.joined(separator: " ")
    }

    private static func append(path: String, keepsPath: Bool, to bytes: inout [UInt8]) {
        guard !keepsPath else {
            bytes.append(contentsOf: path.isEmpty ? "/".utf8 : path.utf8)
            return
        }
        var segments: [Substring.UTF8View] = []
        for segment in Substring(path).utf8.split(separator: UInt8(ascii: "/")) {
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else if !segment.elementsEqual(".".utf8) {
                segments.append(segment)
            }
        }
        for segment in segments {
            bytes.append(UInt8(ascii: "/"))
            PercentEncoding.append(segment, to: &bytes)
        }
        if segments.isEmpty || path.utf8.last == UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
    }

    /// The query, encoded and then sorted by name and value.
    private static func query(_ query: [(name: String, value: String)]) -> String {
        query.map { (name: PercentEncoding.encode($0.name), value: PercentEncoding.encode($0.value)) }
            .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }
}
