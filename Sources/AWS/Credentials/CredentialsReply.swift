internal import JSON

/// The JSON in which a container's endpoint and an instance's metadata service hand out credentials.
enum CredentialsReply {
    /// Reads it.
    /// - Throws: what is missing or wrong, in words that hold nothing of the reply but its code of failure.
    static func read(_ body: [UInt8]) throws(CredentialsFault) -> Credentials {
        guard body.count <= 1 << 16, let reply = try? JSONValue(parsing: body), reply.members != nil else {
            throw CredentialsFault("gave a reply that is no JSON object")
        }
        if let code = reply["Code"]?.string ?? reply["code"]?.string, code != "Success" {
            throw CredentialsFault("answered \(plain(code))")
        }
        let token = reply["Token"] ?? reply["SessionToken"]
        guard let id = reply["AccessKeyId"]?.string, let secret = reply["SecretAccessKey"]?.string,
            isField(id), isField(secret), isField(token?.string ?? "x")
        else { throw CredentialsFault("gave a reply without usable AccessKeyId, SecretAccessKey and Token") }
        var expiration: Int64?
        if let text = reply["Expiration"]?.string {
            guard let time = Timestamp.milliseconds(text) else {
                throw CredentialsFault("gave an Expiration that is no time")
            }
            expiration = time
        }
        return Credentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: token?.string, expirationMs: expiration)
    }

    /// Whether a text can stand in a header field.
    static func isField(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 1 << 14 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// Whether a text can be a whole `Authorization` field, such as `Basic …`: one line, spaces only inside.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 1 << 14 && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            && text.utf8.first != 0x20 && text.utf8.last != 0x20
    }

    /// A code as far as it may stand in an error.
    private static func plain(_ code: String) -> String {
        isField(code) && code.utf8.count <= 100 ? code : "with a failure"
    }
}
