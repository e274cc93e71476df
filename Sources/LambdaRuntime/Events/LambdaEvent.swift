public import JSON

/// What a handler takes: a type that decodes itself from the event's bytes.
public protocol LambdaEvent {
    /// Decodes the event. Views into the buffer may be kept.
    init(_ buffer: EventBuffer) throws(EventError)
}

/// An event as it came.
public struct RawEvent: LambdaEvent, Sendable {
    /// The bytes.
    public let bytes: ByteView

    /// Takes any event.
    public init(_ buffer: EventBuffer) throws(EventError) { bytes = ByteView(buffer, ByteRange(0, buffer.count)) }
}

/// Any JSON event as a tree: for small events of no fixed shape.
public struct JSONEvent: LambdaEvent, Sendable {
    /// The event.
    public let value: JSONValue

    /// Decodes any JSON text.
    public init(_ buffer: EventBuffer) throws(EventError) {
        do { value = try JSONValue(parsing: buffer.bytes) } catch { throw EventError(error, "") }
    }
}
