public import JSON

/// What a function answers: JSON text, at most 6 MB.
public struct LambdaResponse: Equatable, Sendable {
    /// The text in UTF-8.
    public let bytes: [UInt8]

    /// A response with this text.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A response with this JSON text.
    public init(json text: String) { bytes = Array(text.utf8) }

    /// A response with this tree.
    public init(_ value: JSONValue) { bytes = value.serialized() }

    /// `null`: nothing to say, which to an event source mapping means success.
    public static let null = LambdaResponse(json: "null")
}
