internal import AWS

/// A token as it came: whatever is wrong with it, there is something to compute a code of, so that every token takes
/// the same work.
struct ReadToken {
    /// The device's id; empty if there is none that could be one.
    private(set) var device = ""
    /// In base64url, as written.
    private(set) var deviceText: [UInt8] = []
    /// In seconds since the epoch; 0 if there is none.
    private(set) var expiry: Int64 = 0
    /// As written.
    private(set) var expiryText: [UInt8] = []
    /// 32 bytes.
    private(set) var code = [UInt8](repeating: 0, count: 32)
    /// Whether it is written as a token is.
    private(set) var isWellFormed = false

    /// Bytes of the longest field that may hold a token.
    private static let maximumBytes = 512

    /// Reads a field `Authorization` (RFC 6750, section 2.1); nil counts as one without a token.
    init(authorization field: [UInt8]?) {
        let field = field ?? []
        let scheme = Array("bearer ".utf8)
        guard field.count <= Self.maximumBytes, field.count > scheme.count,
            zip(field, scheme).allSatisfy({ $0 == $1 || ($0 | 0x20 == $1 && $0 > 0x40) })
        else { return }
        let parts = field[scheme.count...].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].elementsEqual(DeviceToken.version.utf8) else { return }
        deviceText = Array(parts[1])
        expiryText = Array(parts[2])
        let device = Base64URL.decode(parts[1]).flatMap { String(validating: $0, as: UTF8.self) }
        let expiry = wholeNumber(parts[2], maximumDigits: 12)
        let code = Base64URL.decode(parts[3]).flatMap { $0.count == 32 ? $0 : nil }
        self.device = device ?? ""
        self.expiry = expiry ?? 0
        self.code = code ?? self.code
        isWellFormed = device.map(DeviceKey.isDevice) == true && expiry != nil && code != nil
    }
}
