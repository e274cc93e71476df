/// How much edge-gateway takes in one request.
enum GatewayLimits {
    /// Bytes of a body as it is sent.
    static let sentBytes = 1 << 20
    /// Bytes of a body once it is decompressed. With the keys of all its readings it fits one PutRecords.
    static let bodyBytes = 4 << 20
    /// Readings of a body: what one PutRecords takes.
    static let readings = 500
    /// Bytes of a reading together with its key: what Kinesis takes in one record.
    static let recordBytes = 1 << 20
}
