internal import COpenSSL

/// SHA-256 (FIPS 180-4) and HMAC over it (RFC 2104), by OpenSSL.
package enum SHA256 {
    /// The hash of no bytes, in hexadecimal.
    package static let hexOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// The hash of bytes, 32 bytes long.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        digest { EVP_Digest(bytes, bytes.count, $0, nil, EVP_sha256(), nil) == 1 }
    }

    /// The hash of bytes in lower-case hexadecimal.
    package static func hex(_ bytes: [UInt8]) -> String { bytes.isEmpty ? hexOfNothing : hexadecimal(hash(bytes)) }

    /// The authentication code of bytes under a key, 32 bytes long.
    package static func hmac(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        // OpenSSL takes a null key to mean the key of the call before.
        let isEmpty = key.isEmpty
        let key = isEmpty ? [0] : key
        return digest { target in
            HMAC(EVP_sha256(), key, isEmpty ? 0 : Int32(clamping: key.count), bytes, bytes.count, target, nil) != nil
        }
    }

    /// Bytes in lower-case hexadecimal.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { target in
            for (index, byte) in bytes.enumerated() {
                target[2 * index] = digit(byte >> 4)
                target[2 * index + 1] = digit(byte & 15)
            }
            return 2 * bytes.count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func digest(_ compute: (UnsafeMutablePointer<UInt8>?) -> Bool) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { target, count in
            // It fails only where OpenSSL has no SHA-256 or no memory: nothing that can be signed then.
            guard compute(target.baseAddress) else { preconditionFailure("OpenSSL cannot compute SHA-256") }
            count = 32
        }
    }
}
