internal import AWS

/// The secret that the keys of all devices are made from.
package struct MasterSecret: Equatable, Sendable {
    let bytes: [UInt8]

    /// Bytes that it must have at least: as many as SHA-256 makes.
    package static let minimumBytes = 32

    /// A secret; line breaks at its end, as editors leave them, are no part of it. Nil if it is too short.
    package init?(_ bytes: [UInt8]) {
        var bytes = bytes
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        guard bytes.count >= Self.minimumBytes else { return nil }
        self.bytes = bytes
    }
}

/// The key of one device: HMAC-SHA256 under the master secret over `swiftlake device key v1`, a line feed, and the
/// device's id. Who has it can sign for that device, and for no other.
package struct DeviceKey: Equatable, Sendable {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// Bytes that the id of a device has at most, in UTF-8.
    package static let maximumDeviceBytes = 128

    /// The key of the device with this id.
    package init(of device: String, from master: MasterSecret) { self.init(of: Array(device.utf8), from: master) }

    /// The key of any id, so that what is no id takes the same time.
    init(of device: [UInt8], from master: MasterSecret) {
        bytes = SHA256.hmac(Self.label + device, key: master.bytes)
    }

    /// Whether a text can be the id of a device.
    package static func isDevice(_ text: String) -> Bool {
        (1...maximumDeviceBytes).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// In lower-case hexadecimal.
    package var hexadecimal: String { SHA256.hexadecimal(bytes) }

    /// Keeps these codes apart from all others that the master secret may be used for.
    private static let label = Array("swiftlake device key v1\n".utf8)
}

extension MasterSecret: CustomStringConvertible, CustomReflectable {
    /// Nothing of it: safe to log.
    package var description: String { "a master secret" }
    /// Nothing: a dump shows no secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension DeviceKey: CustomStringConvertible, CustomReflectable {
    /// Nothing of it: safe to log.
    package var description: String { "the key of a device" }
    /// Nothing: a dump shows no secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
