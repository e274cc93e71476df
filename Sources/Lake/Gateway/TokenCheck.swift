internal import AWS

/// Tells a good token from all others.
struct TokenCheck {
    /// How long a token may be good, from now on, in seconds.
    static let longestLife: Int64 = 900
    /// How far the clock of a device may be behind or ahead, in seconds.
    static let leeway: Int64 = 10

    /// The secrets that devices' keys may be made from: the one of now, and the one before it while both are in use.
    let masters: [MasterSecret]

    /// The device that a token proves, of a body with this hash; nil if it proves none. Whatever is wrong with it, the
    /// same codes are computed and compared.
    /// - Parameter field: `Authorization`, as it came.
    func device(_ field: [UInt8]?, bodyHash: [UInt8], nowMs: Int64) -> String? {
        let token = ReadToken(authorization: field)
        let message = DeviceToken.message(token.deviceText, token.expiryText, bodyHash)
        let device = Array(token.device.utf8)
        var isProven = false
        for master in masters {
            let code = SHA256.hmac(message, key: DeviceKey(of: device, from: master).bytes)
            let isSame = Self.areEqual(code, token.code)
            isProven = isProven || isSame
        }
        let left = token.expiry - nowMs / 1000
        let isInTime = left >= -Self.leeway && left <= Self.longestLife + Self.leeway
        return token.isWellFormed && isProven && isInTime ? token.device : nil
    }

    /// Whether two codes are the same, in a time that does not depend on where they differ.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }
}
