/// The body of a refusal in XML: `<Error>` as S3 writes it, or `<ErrorResponse><Error>` as the query protocols do, the
/// older of them with `<Errors>` around it.
enum XMLErrorReply {
    /// The code, the message in one line, and the id of the request, of which the last two may be empty or missing.
    ///
    /// Where S3 tells the region or the endpoint of a bucket that is asked for in the wrong place, the message says it.
    /// - Returns: nil if the body is no such reply.
    static func parse(_ body: [UInt8]) -> (code: String, message: String, requestID: String?)? {
        guard let root = try? XMLElement.read(body) else { return nil }
        let error: XMLElement
        switch root.name {
        case "Error": error = root
        case "ErrorResponse", "Response":
            guard let inner = root["Error"] ?? root["Errors"]?["Error"] else { return nil }
            error = inner
        default: return nil
        }
        guard let code = error.text(of: "Code").map(line), !code.isEmpty else { return nil }
        var message = error.text(of: "Message").map(line) ?? ""
        for (name, meaning) in [("Region", "region"), ("Endpoint", "endpoint")] {
            guard let value = error.text(of: name).map(line), !value.isEmpty else { continue }
            // S3 has it in the message of some refusals already.
            if !message.holds(value) { message += (message.isEmpty ? "" : " ") + "(its \(meaning): \(value))" }
        }
        let requestID = [error, root].lazy.compactMap { $0.text(of: "RequestId") ?? $0.text(of: "RequestID") }.first
        return (code, message, requestID.map(line).flatMap { $0.isEmpty ? nil : $0 })
    }

    /// A text as one line without control characters, cut where a line gets too long for a log.
    private static func line(_ text: String) -> String {
        let words = text.unicodeScalars.split { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F }
        let line = words.map { String($0) }.joined(separator: " ")
        return line.count <= 600 ? line : line.prefix(600) + "…"
    }
}
