internal import JSON

/// A failure as Lambda is told of it.
struct FunctionFailure: Equatable, Sendable {
    /// `Category.Reason`, or the name of a Swift type.
    let type: String
    let message: String

    /// Longer messages are cut: Lambda refuses an error of more than 6 MB, and nobody reads one of 32 kB.
    private static let maximumMessageBytes = 32 * 1024

    init(type: String, message: String) {
        self.type = type
        self.message = Self.cut(message)
    }

    /// What an error says of itself, by the name it chose or else its type's.
    init(_ error: any Error) {
        let type = (error as? any LambdaErrorType)?.errorType ?? String(describing: Swift.type(of: error))
        self.init(type: type, message: "\(error)")
    }

    /// The type as a header may carry it: printable ASCII without spaces, at most 256 bytes.
    var headerType: String {
        let visible = type.utf8.prefix(256).map { $0 > 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "_") }
        return visible.isEmpty ? "Error" : String(decoding: visible, as: UTF8.self)
    }

    /// `{"errorMessage":…,"errorType":…,"stackTrace":[]}`
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("errorMessage", message)
            writer.member("errorType", type)
            writer.member("stackTrace") { $0.array { _ in } }
        }
        return writer.bytes
    }

    private static func cut(_ message: String) -> String {
        guard message.utf8.count > maximumMessageBytes else { return message }
        var end = message.utf8.index(message.startIndex, offsetBy: maximumMessageBytes)
        while end.samePosition(in: message.unicodeScalars) == nil { end = message.utf8.index(before: end) }
        return String(message[..<end]) + "…"
    }
}
