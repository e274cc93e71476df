internal import AWS

/// The proof that a device sent a body: `v1.DEVICE.EXPIRY.CODE`, where DEVICE is the device's id in base64url, EXPIRY a
/// time in seconds since the epoch, and CODE in base64url HMAC-SHA256 under the device's key over these lines, with a line
/// feed between them: `swiftlake device token v1`, DEVICE, EXPIRY, and SHA-256 of the body in lower-case hexadecimal.
package struct DeviceToken: Equatable, Sendable {
    /// What goes into the field `Authorization` behind `Bearer `.
    package let text: String

    /// A token.
    /// - Parameters:
    ///   - expiry: until when it is good, in seconds since the epoch.
    ///   - bodyHash: SHA-256 of the body as it is sent, compressed if it is.
    package init(device: String, expiry: Int64, bodyHash: [UInt8], key: DeviceKey) {
        let device = Base64URL.encode(Array(device.utf8))
        let message = Self.message(Array(device.utf8), Array(String(expiry).utf8), bodyHash)
        text = "\(Self.version).\(device).\(expiry).\(Base64URL.encode(SHA256.hmac(message, key: key.bytes)))"
    }

    /// SHA-256 of a body.
    package static func hash(_ body: [UInt8]) -> [UInt8] { SHA256.hash(body) }

    /// What the token's code is made of.
    static func message(_ device: [UInt8], _ expiry: [UInt8], _ bodyHash: [UInt8]) -> [UInt8] {
        label + device + [0x0A] + expiry + [0x0A] + Array(SHA256.hexadecimal(bodyHash).utf8)
    }

    /// How tokens of this form begin.
    static let version = "v1"
    /// Keeps these codes apart from all others that a device's key may be used for.
    private static let label = Array("swiftlake device token v1\n".utf8)
}

extension DeviceToken: CustomStringConvertible, CustomReflectable {
    /// Nothing of it: safe to log.
    package var description: String { "a device's token" }
    /// Nothing: a dump shows no token.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
